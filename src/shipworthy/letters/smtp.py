"""Sends letters by SMTP."""

import re
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime, parseaddr
from urllib.parse import unquote, urlsplit

from shipworthy.letters.entities import Letter
from shipworthy.letters.errors import BadMailAddressError, LetterNotSentError
from shipworthy.letters.rules import is_address

SECONDS = 30
PORTS = {"smtp": 587, "smtps": 465}
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True)
class MailServer:
    """A mail server: `smtps` speaks TLS from the start, `smtp` begins it, except on this machine."""

    scheme: str
    host: str
    port: int
    user: str
    password: str

    @property
    def is_here(self) -> bool:
        """Tell whether the server is on this machine."""
        return self.host in LOOPBACK


def mail_server(url: str) -> MailServer:
    """Read an address such as `smtp://user:password@host:587`. Raises `BadMailAddressError`."""
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError:
        parts, port = urlsplit(""), 0
    if parts.scheme not in PORTS or not parts.hostname or parts.path.strip("/") or parts.query:
        raise BadMailAddressError(
            "SHIPWORTHY_SMTP_URL is no address of a mail server.",
            remedy="Write it as smtp://user:password@host:587, or smtps://user:password@host:465.",
        )
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return MailServer(parts.scheme, parts.hostname, port, user, password)


class SmtpTransport:
    """Sends each letter over a connection of its own.

    A name and password are never sent without TLS, except to this machine.
    """

    def __init__(self, server: MailServer, mail_from: str, tls: ssl.SSLContext | None = None) -> None:
        if not is_address(parseaddr(mail_from)[1]) or not mail_from.isprintable():
            raise BadMailAddressError(
                "SHIPWORTHY_MAIL_FROM is no mail address.",
                remedy="Write it as name@example.org, or Name <name@example.org>.",
            )
        self.server = server
        self.mail_from = mail_from
        self.tls = tls or ssl.create_default_context()

    def send(self, letter: Letter) -> None:
        """Send a letter. Raises `LetterNotSentError`, with what the server said."""
        try:
            with self._connection() as connection:
                mail = message(letter, self.mail_from)
                options = () if letter.recipient.isascii() else ("SMTPUTF8",)
                connection.sendmail(parseaddr(self.mail_from)[1], [letter.recipient], mail.as_bytes(), options)
        except smtplib.SMTPRecipientsRefused as fault:
            code, words = next(iter(fault.recipients.values()))
            raise _failure(code, words, for_good=code >= 500) from fault
        except smtplib.SMTPResponseException as fault:
            # Only what is said about this letter is final; a refused sign-in or sender is mended on our side.
            final = isinstance(fault, smtplib.SMTPDataError) and fault.smtp_code >= 500
            raise _failure(fault.smtp_code, fault.smtp_error, for_good=final) from fault
        except (smtplib.SMTPException, OSError, UnicodeError) as fault:
            raise LetterNotSentError(f"{type(fault).__name__}: {fault}"[:300], for_good=False) from fault

    def _connection(self) -> smtplib.SMTP:
        server = self.server
        if server.scheme == "smtps":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=self.tls)
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
        try:
            connection.ehlo()
            if server.scheme == "smtp" and (connection.has_extn("starttls") or not server.is_here):
                connection.starttls(context=self.tls)
                connection.ehlo()
            if server.user:
                connection.login(server.user, server.password)
        except BaseException:
            connection.close()
            raise
        return connection


def message(letter: Letter, mail_from: str) -> EmailMessage:
    """Return a letter as mail. Its id is the same at every try, so that a mail program shows a repeated one once."""
    made = EmailMessage(policy=SMTP if letter.recipient.isascii() else SMTPUTF8)
    made["From"] = mail_from
    made["To"] = letter.recipient
    made["Subject"] = letter.title
    made["Date"] = format_datetime(letter.created_at)
    domain = parseaddr(mail_from)[1].rpartition("@")[2]
    made["Message-ID"] = f"<{letter.id}@{domain}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(letter.body, cte="quoted-printable" if _needs_coding(letter.body) else "7bit")
    return made


def _needs_coding(body: str) -> bool:
    return not body.isascii() or any(len(line) > 900 for line in body.splitlines())


def _failure(code: int, words: bytes | str, *, for_good: bool) -> LetterNotSentError:
    told = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    tidy = re.sub(r"[^\x20-\x7e]+", " ", told)[:300]
    return LetterNotSentError(f"{code} {tidy}".strip(), for_good=for_good)
