"""The rights of who runs the doctor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local.cloud.ram import Policy
from local.roles import environment_of, role
from tests.rights.support import listen, policy_of, rights_of

if TYPE_CHECKING:
    from tests.ops.doctor.conftest import Doctor

POLICY = "operator-doctor"


def test_law_rights_doctor(doctor: Doctor) -> None:
    """Under its own policy all is well, the round trip included, and every right of the policy is used."""
    key, token = role(POLICY)
    document = policy_of(doctor.stack, POLICY)
    doctor.stack.identities.attach(key, Policy.read(document), token=token)
    asked = listen(doctor.stack.identities)
    examined = doctor.run(**environment_of(key, token))
    mine = [one for one in asked if one.key_id == key.key_id]
    assert [one for one in mine if not one.allowed] == []
    assert (examined.code, examined.troubled) == (0, {})
    assert [right for right in rights_of(POLICY, document) if not right.used_by(asked)] == []
