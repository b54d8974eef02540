"""Rules for the claims of the founding documents: every claim leads to rows, and every row it names exists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from exposure.check.ids import listed
from exposure.errors import Finding, nearest
from exposure.model import ENCODABLE, SCENARIOS, Addresses, Claim, Network, RegisteredControl

CLAIMS, REGISTER = "claims.csv", "controls_register.csv"


def check_claims(net: Network, claims: Sequence[Claim], scenarios: Collection[str]) -> list[Finding]:
    """Return every finding about the claims and the rows of a network that they name.

    Parameters
    ----------
    net
        The network that ships with the claims.
    claims
        Claims of all documents.
    scenarios
        Names of the scenario files beside the network.
    """
    return [
        *_ids_are_unique(claims),
        *_claims_lead_to_rows(claims),
        *_rows_exist(net, claims, scenarios),
        *_controls_agree(net, claims),
    ]


def check_register(net: Network, register: Sequence[RegisteredControl]) -> list[Finding]:
    """Return every finding about the register: each entry is held by rules of the model, or says why it is not."""
    ruled = {rule.control for rule in net.control_scope}
    findings = []
    for row in register:
        if not row.encoded_as and not row.reason:
            findings.append(_fault(REGISTER, row.line, "reason", row.control, "neither a control nor a reason"))
        for name in row.encoded_as:
            if name not in net.control:
                message = f"no such control in controls.csv{nearest(name, net.control)}"
                findings.append(_fault(REGISTER, row.line, "encoded_as", name, message))
        if row.control in net.control and row.control not in ruled and not row.reason:
            message = "no row of control_scope.csv belongs to it; say why"
            findings.append(_fault(REGISTER, row.line, "reason", row.control, message))
    return findings


def _fault(file: str, line: int | None, column: str, value: str, message: str) -> Finding:
    return Finding(message, file, line, column, value)


def _ids_are_unique(claims: Sequence[Claim]) -> Iterator[Finding]:
    for name, count in Counter(claim.claim for claim in claims).items():
        if count > 1:
            yield _fault(CLAIMS, None, "claim", name, f"stands {count} times")


def _claims_lead_to_rows(claims: Sequence[Claim]) -> Iterator[Finding]:
    for claim in claims:
        if claim.encoded == "yes" and not claim.rows:
            yield _fault(CLAIMS, claim.line, "rows", claim.claim, "encoded, but names no row")
        if claim.encoded == "no" and claim.rows:
            yield _fault(CLAIMS, claim.line, "encoded", claim.claim, "names rows, so it is encoded")
        if claim.encoded == "no" and claim.kind in ENCODABLE:
            yield _fault(CLAIMS, claim.line, "encoded", claim.claim, f"a claim of kind {claim.kind} needs a row")
        if claim.encoded == "no" and not claim.note:
            yield _fault(CLAIMS, claim.line, "note", claim.claim, "must say why no row holds it")


def _rows_exist(net: Network, claims: Sequence[Claim], scenarios: Collection[str]) -> Iterator[Finding]:
    addresses = Addresses(net)
    known = [*addresses.known, *(f"{SCENARIOS}:{name}" for name in scenarios)]
    for claim in claims:
        for row in claim.rows:
            table, _, key = row.partition(":")
            if not (key in scenarios if table == SCENARIOS else addresses.rows(row)):
                yield _fault(CLAIMS, claim.line, "rows", row, f"no row has this address{nearest(row, known)}")


def _controls_agree(net: Network, claims: Sequence[Claim]) -> Iterator[Finding]:
    """Tell where controls.csv names a claim that does not name the control, and the reverse."""
    of_control = {control.control: set(listed(control.claims)) for control in net.controls}
    of_claim = {claim.claim: set(claim.controls) for claim in claims}
    for control in net.controls:
        for name in sorted(of_control[control.control]):
            if name not in of_claim:
                message = f"no such claim{nearest(name, of_claim)}"
                yield _fault("controls.csv", control.line, "claims", name, message)
            elif control.control not in of_claim[name]:
                message = f"claims.csv does not name {control.control} among the rows of this claim"
                yield _fault("controls.csv", control.line, "claims", name, message)
    for claim in claims:
        for ident in claim.controls:
            if ident in of_control and claim.claim not in of_control[ident]:
                yield _fault(CLAIMS, claim.line, "rows", ident, f"controls.csv does not name {claim.claim} beside it")
