import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.core.errors import BadInputError
from shipworthy.integrations.errors import BadWebhookError
from shipworthy.integrations.webhooks.rules import (
    WAITS,
    chosen_address,
    new_secret,
    next_try,
    read_networks,
    signed_headers,
    target_of,
)

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SECURE, PLAIN = target_of("https://hooks.example.org/x"), target_of("http://hooks.example.org/x")


def test_waits_grow_and_end_after_a_day() -> None:
    waits = [next_try(NOW, failures) for failures in range(1, len(WAITS) + 1)]
    assert waits == [NOW + wait for wait in WAITS]
    assert list(WAITS) == sorted(WAITS)
    assert timedelta(hours=23) < sum(WAITS, timedelta()) < timedelta(hours=25)
    assert next_try(NOW, len(WAITS) + 1) is None


def test_a_receiver_can_prove_a_delivery_and_sees_every_change() -> None:
    secret, delivery, body = new_secret(), UUID(int=7), b'{"type":"x"}'
    headers = signed_headers(delivery, NOW, body, secret)
    key = base64.b64decode(secret.removeprefix("whsec_"))
    message = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    proof = base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{proof}"
    assert headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    others = [
        signed_headers(UUID(int=8), NOW, body, secret),
        signed_headers(delivery, NOW + timedelta(seconds=1), body, secret),
        signed_headers(delivery, NOW, body + b" ", secret),
        signed_headers(delivery, NOW, body, new_secret()),
    ]
    assert headers["webhook-signature"] not in {each["webhook-signature"] for each in others}


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1",
        "2002:0a00:0001::", "64:ff9b::7f00:1", "ff02::1",
    ],
)  # fmt: skip
def test_nothing_is_told_to_addresses_that_are_not_public(address: str) -> None:
    with pytest.raises(BadWebhookError, match="not public"):
        chosen_address(SECURE, [address], ())


def test_one_address_inside_is_enough_to_refuse_all() -> None:
    with pytest.raises(BadWebhookError):
        chosen_address(SECURE, ["93.184.216.34", "10.0.0.1"], ())
    with pytest.raises(BadWebhookError):
        chosen_address(SECURE, [], ())


def test_public_addresses_need_encryption_and_allowed_networks_do_not() -> None:
    assert chosen_address(SECURE, ["93.184.216.34"], ()) == "93.184.216.34"
    assert chosen_address(SECURE, ["2606:2800:220:1::1"], ()) == "2606:2800:220:1::1"
    with pytest.raises(BadWebhookError, match="not encrypted"):
        chosen_address(PLAIN, ["93.184.216.34"], ())
    allowed = read_networks("10.1.0.0/16, 127.0.0.1")
    assert chosen_address(PLAIN, ["10.1.2.3"], allowed) == "10.1.2.3"
    assert chosen_address(PLAIN, ["127.0.0.1"], allowed) == "127.0.0.1"
    with pytest.raises(BadWebhookError):
        chosen_address(PLAIN, ["10.2.0.1"], allowed)


def test_networks_that_cannot_be_read_are_told() -> None:
    with pytest.raises(BadInputError, match="SHIPWORTHY_WEBHOOK_NETWORKS"):
        read_networks("10.0.0.0/99")
    assert read_networks(" ") == ()


@pytest.mark.parametrize(
    "url",
    [
        "", "ftp://x.org", "https://", "https://a b.org/", "https://ann:secret@x.org/", "https://x.org/#part",
        "//x.org/", "https://x.org:99999/", "https://x.org\\@y.org/", "javascript:alert(1)", "https://[::1/", "https://x.org/\n",
        "https://x.org/" + "a" * 3000,
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(BadWebhookError):
        target_of(url)


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_is_refused(text: str) -> None:
    try:
        found = target_of(f"https://{text}")
    except BadWebhookError:
        return
    assert found.host
    assert found.path.startswith("/")
