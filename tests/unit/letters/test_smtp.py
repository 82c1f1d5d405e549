import ssl
from asyncio import Server
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from shipworthy.letters.entities import Letter, LetterState
from shipworthy.letters.errors import BadMailAddressError, LetterNotSentError
from shipworthy.letters.smtp import MailServer, SmtpTransport, mail_server

FROM = "Shipworthy <letters@vetting.example>"
LETTER = UUID(int=7)


def a_letter(body: str = "Hello Zoë,\n\nyour code is 123456.\n", recipient: str = "zoe@example.org") -> Letter:
    now = datetime(2026, 5, 3, 12, 0, tzinfo=UTC)
    return Letter(LETTER, uuid4(), recipient, "Grüße", body, "x:1", LetterState.WAITING, 0, "", "", now, now, None)


@dataclass
class Mailbox:
    """A mail server that keeps what it gets, or answers with a refusal."""

    refusal_of_recipient: str = ""
    refusal_of_content: str = ""
    got: list[Envelope] = field(default_factory=list)
    port: int = 0

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if not self.refusal_of_recipient:
            envelope.rcpt_tos.append(address)
        return self.refusal_of_recipient or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if not self.refusal_of_content:
            self.got.append(envelope)
        return self.refusal_of_content or "250 OK"


class Box(Controller):
    """A server at a port that the system chooses, learnt before the library knocks at it."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


def serve(mailbox: Mailbox, **options: Any) -> Controller:
    box = Box(mailbox, hostname="127.0.0.1", port=0, **options)
    box.start()
    mailbox.port = box.port
    return box


def arrived(mailbox: Mailbox) -> EmailMessage:
    (envelope,) = mailbox.got
    assert isinstance(envelope.content, bytes)
    return message_from_bytes(envelope.content, policy=default)


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    made = Mailbox()
    box = serve(made)
    yield made
    box.stop()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    plain = serialization.NoEncryption()
    pem = serialization.Encoding.PEM
    file.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain) + made.public_bytes(pem))
    return file


def of_server(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def trusting(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate))


def test_a_letter_arrives_as_it_was_written(mailbox: Mailbox) -> None:
    SmtpTransport(mail_server(f"smtp://127.0.0.1:{mailbox.port}"), FROM).send(a_letter())
    (envelope,) = mailbox.got
    assert (envelope.mail_from, envelope.rcpt_tos) == ("letters@vetting.example", ["zoe@example.org"])
    mail = arrived(mailbox)
    assert mail["Subject"] == "Grüße"
    assert mail["Message-ID"] == f"<{LETTER}@vetting.example>"
    assert mail.get_content().replace("\r\n", "\n") == a_letter().body


@pytest.mark.parametrize("body", [".\n.\nQUIT\n", "x" * 5000 + "\n", "From here\n", "a\r\nb\n", "\u2028\n"])
def test_strange_texts_arrive_whole(mailbox: Mailbox, body: str) -> None:
    SmtpTransport(mail_server(f"smtp://127.0.0.1:{mailbox.port}"), FROM).send(a_letter(body))
    assert arrived(mailbox).get_content().replace("\r\n", "\n") == body.replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("recipient", "content", "for_good"),
    [
        ("550 no such mailbox", "", True),
        ("451 try later", "", False),
        ("", "554 not wanted", True),
        ("", "452 too much", False),
    ],
)
def test_what_the_server_refuses_is_told(mailbox: Mailbox, recipient: str, content: str, for_good: bool) -> None:
    mailbox.refusal_of_recipient, mailbox.refusal_of_content = recipient, content
    with pytest.raises(LetterNotSentError, match=recipient or content) as refusal:
        SmtpTransport(mail_server(f"smtp://127.0.0.1:{mailbox.port}"), FROM).send(a_letter())
    assert refusal.value.for_good is for_good


def test_an_address_beyond_ascii_is_written_to(mailbox: Mailbox) -> None:
    transport = SmtpTransport(mail_server(f"smtp://127.0.0.1:{mailbox.port}"), FROM)
    transport.send(a_letter(recipient="zoë@example.org"))
    assert mailbox.got[0].rcpt_tos == ["zoë@example.org"]
    assert arrived(mailbox)["To"] == "zoë@example.org"


def test_a_server_that_does_not_answer_is_tried_again() -> None:
    with pytest.raises(LetterNotSentError) as refusal:
        SmtpTransport(mail_server("smtp://127.0.0.1:9"), FROM).send(a_letter())
    assert not refusal.value.for_good


class Keeper:
    """Lets one name and password in, and only over TLS."""

    def __call__(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: LoginPassword
    ) -> AuthResult:
        right = (given.login, given.password) == (b"letters@vetting.example", b"p@ss:word/")
        return AuthResult(success=right, handled=right)


@pytest.mark.filterwarnings("ignore:Requiring AUTH")  # the library does not know that smtps is TLS
@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_name_and_password_go_over_tls(scheme: str, certificate: Path) -> None:
    mailbox = Mailbox()
    keys = of_server(certificate)
    tls = {"tls_context": keys, "require_starttls": True} if scheme == "smtp" else {"ssl_context": keys}
    signs_in = {"authenticator": Keeper(), "auth_required": True, "auth_require_tls": scheme == "smtp"}
    box = serve(mailbox, **tls, **signs_in)
    try:
        url = f"{scheme}://letters%40vetting.example:p%40ss%3Aword%2F@127.0.0.1:{mailbox.port}"
        SmtpTransport(mail_server(url), FROM, trusting(certificate)).send(a_letter())
    finally:
        box.stop()
    assert len(mailbox.got) == 1


def test_a_wrong_password_of_ours_is_no_fault_of_the_letter(certificate: Path) -> None:
    mailbox = Mailbox()
    box = serve(mailbox, tls_context=of_server(certificate), authenticator=Keeper(), auth_required=True)
    try:
        url = f"smtp://letters:wrong@127.0.0.1:{mailbox.port}"
        with pytest.raises(LetterNotSentError) as refusal:
            SmtpTransport(mail_server(url), FROM, trusting(certificate)).send(a_letter())
    finally:
        box.stop()
    assert not refusal.value.for_good
    assert mailbox.got == []


def test_a_server_whose_certificate_is_not_trusted_gets_nothing(certificate: Path) -> None:
    mailbox = Mailbox()
    box = serve(mailbox, tls_context=of_server(certificate))
    try:
        with pytest.raises(LetterNotSentError, match="CERTIFICATE_VERIFY_FAILED"):
            SmtpTransport(mail_server(f"smtp://127.0.0.1:{mailbox.port}"), FROM).send(a_letter())
    finally:
        box.stop()
    assert mailbox.got == []


def test_a_server_elsewhere_must_speak_tls(mailbox: Mailbox) -> None:
    class Elsewhere(MailServer):
        @property
        def is_here(self) -> bool:
            return False

    with pytest.raises(LetterNotSentError, match="STARTTLS"):
        SmtpTransport(Elsewhere("smtp", "127.0.0.1", mailbox.port, "", ""), FROM).send(a_letter())
    assert mailbox.got == []


@pytest.mark.parametrize(
    ("url", "port", "user"),
    [
        ("smtp://mail.example", 587, ""),
        ("smtps://mail.example", 465, ""),
        ("smtp://a%40b:c@mail.example:25", 25, "a@b"),
    ],
)
def test_an_address_of_a_server_is_read(url: str, port: int, user: str) -> None:
    server = mail_server(url)
    assert (server.host, server.port, server.user) == ("mail.example", port, user)


@pytest.mark.parametrize("url", ["", "mail.example", "http://mail.example", "smtp://", "smtp://x:y", "smtp://x/y"])
def test_what_is_no_address_of_a_server_is_refused(url: str) -> None:
    with pytest.raises(BadMailAddressError, match="SHIPWORTHY_SMTP_URL"):
        mail_server(url)


@pytest.mark.parametrize("sender", ["", "Shipworthy", "a@b.example\r\nBcc: eve@example.org"])
def test_what_is_no_sender_is_refused(sender: str) -> None:
    with pytest.raises(BadMailAddressError, match="SHIPWORTHY_MAIL_FROM"):
        SmtpTransport(mail_server("smtp://mail.example"), sender)
