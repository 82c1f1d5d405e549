"""English is read, other languages are named, and a tool list is no foreign language."""

import pytest

from shipworthy.roles.errors import PostingError
from shipworthy.roles.languages import languages_of, require_english
from shipworthy.roles.operations import scope_text

POSTINGS = {
    "German": (
        "KI-Ingenieur (m/w/d)\n"
        "Wir suchen für unser Team in Berlin eine erfahrene Person, die mit uns Sprachmodelle in Produktion "
        "bringt.\n"
        "Dein Profil\n"
        "- Sehr gute Kenntnisse in PyTorch und SQL\n"
        "- Erfahrung mit MLOps ist von Vorteil"
    ),
    "French": (
        "Ingénieur IA\n"
        "Nous recherchons un ingénieur pour notre équipe à Lyon.\n"
        "Profil recherché\n"
        "- Maîtrise de PyTorch et de SQL\n"
        "- Une expérience en MLOps est un atout\n"
        "- Concevoir des systèmes de recherche avec Python"
    ),
    "Spanish": (
        "Ingeniero de IA\n"
        "Buscamos una persona para nuestro equipo en Madrid que desarrolle modelos de lenguaje.\n"
        "- Experiencia con Python y SQL\n"
        "- Se valorará experiencia en la nube"
    ),
    "Dutch": (
        "AI Engineer\n"
        "Wij zoeken een ervaren engineer voor ons team in Utrecht die met taalmodellen werkt.\n"
        "- Je bouwt RAG-systemen met Python\n"
        "- Goede kennis van PyTorch en SQL\n"
        "- Ervaring met MLOps is een pre"
    ),
    "Polish": (
        "Inżynier AI\n"
        "Szukamy doświadczonej osoby do naszego zespołu w Krakowie.\n"
        "- Bardzo dobra znajomość Pythona oraz SQL\n"
        "- Doświadczenie w pracy z modelami językowymi"
    ),
    "Portuguese": (
        "Engenheiro de IA\n"
        "Procuramos uma pessoa para a nossa equipa em Lisboa que desenvolva modelos de linguagem.\n"
        "- Experiência com Python e SQL\n"
        "- É desejável ter experiência na nuvem"
    ),
    "Italian": (
        "Ingegnere AI\n"
        "Cerchiamo una persona per il nostro team di Milano che sviluppi modelli linguistici.\n"
        "- Ottima conoscenza di Python e SQL\n"
        "- È gradita la conoscenza di Kubernetes"
    ),
    "Swedish": (
        "AI-ingenjör\n"
        "Vi söker en erfaren ingenjör till vårt team i Malmö som vill arbeta med språkmodeller.\n"
        "- Goda kunskaper i Python och SQL\n"
        "- Det är meriterande om du har arbetat med Kubernetes"
    ),
    "Chinese": (
        "人工智能工程师\n我们正在寻找一位有经验的工程师加入我们的团队。\n- 精通Python和SQL\n- 有PyTorch经验者优先"
    ),
    "Japanese": (
        "機械学習エンジニア\n私たちのチームで働くエンジニアを募集しています。\n- Pythonの経験\n- SQLの知識があること"
    ),
    "Arabic": ("مهندس ذكاء اصطناعي\nنبحث عن مهندس ذي خبرة للانضمام إلى فريقنا في دبي.\n- خبرة في بايثون"),
    "Russian": ("Инженер ИИ\nМы ищем опытного инженера в нашу команду в Москве.\n- Опыт работы с Python и SQL"),
}
ENGLISH = (
    "AI Engineer\n"
    "You will build retrieval for our customers and own it in production.\n"
    "Requirements\n"
    "- Five years of Python in production\n"
    "- You have shipped a product with a language model\n"
    "- Experience with SQL and data pipelines"
)


@pytest.mark.parametrize("language", POSTINGS)
def test_a_text_in_another_language_is_refused_by_its_name(language: str) -> None:
    with pytest.raises(PostingError) as error:
        scope_text(POSTINGS[language], "stelle.txt")
    assert f"stelle.txt is in {language}" in error.value.what
    assert "English text" in error.value.remedy
    assert error.value.exit_code == 2


@pytest.mark.parametrize(
    "text",
    [
        ENGLISH,
        "AI Engineer\nPyTorch, Docker, SQL\nKubernetes, AWS, Terraform\nLangChain\nFAISS",
        "AI Engineer",
        "Python",
        "LLM Engineer at Müller und Söhne GmbH, München\nYou know Python.\nWe build for the Gesellschaft für Musik.",
        "AI Engineer (m/w/d)\nAnforderungen / Requirements\n- You know Python\nÜber uns / About us\nWe sell tea.",
        "Profil recherché\n- You know Python and SQL\nVos missions\n- You build models for our customers",
        "Ingénieur IA: AI Engineer, Sopra Steria, La Défense\nWe are looking for an engineer who knows Python.",
    ],
)
def test_english_passes_with_names_headings_and_tool_lists(text: str) -> None:
    assert "partly_unread" not in {caution.code for caution in scope_text(text).profile.warnings}


def test_half_a_text_is_read_and_the_other_half_is_told() -> None:
    found = scope_text(f"{ENGLISH}\n\n{POSTINGS['German']}").profile
    warning = next(caution for caution in found.warnings if caution.code == "partly_unread")
    share = int(warning.what.split("%")[0].split()[-1])
    assert "German" in warning.what
    assert 35 <= share <= 65
    assert found.needs == scope_text(ENGLISH).profile.needs


def test_shares_count_words() -> None:
    languages = languages_of(["You will build the models.", "Wir suchen eine Person für das Team."])
    assert languages.foreign == ("German",)
    assert languages.unread == pytest.approx(7 / 12)


def test_a_text_without_words_is_refused() -> None:
    with pytest.raises(PostingError, match="holds no words"):
        require_english(["12", "--"])


@pytest.mark.parametrize("line", ["PyTorch, Docker, SQL", "Berlin", "de la Cruz", "Van der Berg", "EMEA, LATAM"])
def test_a_line_of_names_is_in_no_language(line: str) -> None:
    assert not languages_of([line]).partly_unread
