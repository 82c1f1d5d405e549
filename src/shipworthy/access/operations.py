"""What people do: found an organisation, add and remove people, sign in, set passwords, make tokens."""

from shipworthy.access.api_tokens import api_tokens, make_api_token, revoke_api_token, token_of
from shipworthy.access.links import ask_for_reset, make_link, set_password, welcome, whose_link
from shipworthy.access.openid import begin_trip, end_trip
from shipworthy.access.people import (
    add_person,
    bring_back,
    change_accesses,
    change_own,
    found_organisation,
    organisation,
    organisation_of_slug,
    organisations,
    people,
    person,
    remove_person,
    set_identity_provider,
)
from shipworthy.access.signing_in import (
    begin_sign_in,
    choose,
    end_other_sign_ins,
    sign_in,
    sign_ins,
    sign_out,
    signed_in,
)

__all__ = [
    "add_person",
    "api_tokens",
    "ask_for_reset",
    "begin_sign_in",
    "begin_trip",
    "bring_back",
    "change_accesses",
    "change_own",
    "choose",
    "end_other_sign_ins",
    "end_trip",
    "found_organisation",
    "make_api_token",
    "make_link",
    "organisation",
    "organisation_of_slug",
    "organisations",
    "people",
    "person",
    "remove_person",
    "revoke_api_token",
    "set_identity_provider",
    "set_password",
    "sign_in",
    "sign_ins",
    "sign_out",
    "signed_in",
    "token_of",
    "welcome",
    "whose_link",
]
