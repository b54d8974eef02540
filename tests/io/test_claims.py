import pytest

from exposure.errors import InputError
from exposure.io import read_claims, read_register, seeds_path
from exposure.model import Claim

HASH = "ab" * 32


def test_shipped_claims_are_116_of_five_documents():
    claims = read_claims()
    assert len(claims) == len({claim.claim for claim in claims}) == 116
    # counts of the five documents, S0 to S4
    assert [sum(claim.claim[1] == str(k) for claim in claims) for k in range(5)] == [17, 17, 39, 17, 26]
    by_document = {(claim.claim[:2], claim.document, claim.sha256) for claim in claims}
    assert len(by_document) == 5
    readme = (seeds_path() / "README.md").read_text(encoding="utf-8")
    assert all(document in readme and sha in readme for _, document, sha in by_document)


def test_shipped_register_holds_82_controls():
    register = read_register()
    assert len(register) == len({row.control for row in register}) == 82


def test_rows_and_controls_of_a_claim_are_read_from_one_cell(tmp_path):
    (tmp_path / "claims.csv").write_text(
        "claim,document,sha256,paragraph,kind,statement,encoded,rows,note\n"
        f'S3-10,a.txt,{HASH},3,control,"Goods, limited.",yes,controls:C1; demand:car/EU,\n'
    )
    (claim,) = read_claims(tmp_path)
    assert isinstance(claim, Claim)
    assert claim.rows == ("controls:C1", "demand:car/EU")
    assert claim.controls == ("C1",)
    assert claim.statement == "Goods, limited."
    assert claim.line == 2


def test_every_faulty_cell_is_told_at_once(tmp_path):
    (tmp_path / "claims.csv").write_text(
        "claim,document,sha256,paragraph,kind,statement,encoded,rows,note\n"
        f"S3-1,a.txt,{HASH},3,control,x,yes,,\n"
        f"S3-10,a.txt,{HASH},three,controll,x,maybe,,\n"
    )
    with pytest.raises(InputError) as error:
        read_claims(tmp_path)
    places = {(finding.row, finding.field) for finding in error.value.findings}
    assert places == {(2, "claim"), (3, "paragraph"), (3, "kind"), (3, "encoded")}
    assert 'did you mean "control"' in str(error.value)


def test_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"controls_register\.csv"):
        read_register(tmp_path)
