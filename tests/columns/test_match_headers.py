"""Recognising the header row of somebody else's table."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdd.columns import INPUT_BY_KEY, INPUTS, OUTPUTS, fold, match_headers
from hrdd.translations import in_other_languages

SPELLINGS = {fold(text) for column in INPUTS for text in (column.header, column.key, *column.aliases)}


def keys(*headers: object) -> dict[str, int]:
    """The columns that a row of headers is read as."""
    return match_headers(headers).keys


def notes(*headers: object) -> str:
    """What is reported about a row of headers."""
    return "\n".join(match_headers(headers).notes)


# What is accepted as it stands


def test_the_template_is_recognised_without_a_word() -> None:
    """Every header of the template is taken, in place, with nothing to report."""
    found = match_headers([column.header for column in INPUTS])
    assert found.keys == {column.key: position for position, column in enumerate(INPUTS)}
    assert found.notes == []
    assert found.owned == {}


def test_keys_are_as_good_as_headers() -> None:
    """A table whose headers are the stable keys is taken likewise."""
    found = match_headers([column.key for column in INPUTS])
    assert found.keys == {column.key: position for position, column in enumerate(INPUTS)}
    assert found.notes == []


def test_columns_may_stand_in_any_place() -> None:
    """Moved columns are found where they are."""
    assert keys("Destination country", "Product", "End user") == {
        "destination_country": 0,
        "product": 1,
        "end_user": 2,
    }


@pytest.mark.parametrize(
    "header",
    [
        "END USER TYPE",
        "end_user_type",
        "  End-user   type ",
        "End\nuser type",
        "End-user type:",
        "End-user type *",
        "End\u2011user type",
    ],
)
def test_case_spacing_and_punctuation_make_no_difference(header: str) -> None:
    """A header is compared by its words."""
    assert keys(header) == {"end_user_type": 0}
    assert notes(header) == ""


def test_every_alias_is_read_as_its_column_and_reported() -> None:
    """A renamed column is taken, and the report says as what."""
    for column in INPUTS:
        for alias in column.aliases:
            assert keys(alias) == {column.key: 0}
            if fold(alias) not in map(fold, (column.header, column.key, *in_other_languages(column.header))):
                assert notes(alias) == f'Header "{alias}" was read as "{column.header}".'


# Near spellings


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ("Destinaton country", "destination_country"),
        ("Desination country", "destination_country"),
        ("Prodct", "product"),
        ("Intermediary contry", "intermediary_country"),
        ("Licence staus", "licence_status"),
        ("Selling entitiy", "exporter"),
        ("Credible reports of abuse by the end user?", "q_agency_misuse"),
    ],
)
def test_a_near_spelling_is_read_and_reported(header: str, key: str) -> None:
    """A slip of the keyboard costs nothing, and is told."""
    assert keys(header) == {key: 0}
    assert notes(header) == f'Header "{header}" was read as "{INPUT_BY_KEY[key].header}" (near spelling).'


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_near_spelling_never_takes_a_column_from_a_well_spelt_one(order: tuple[int, int]) -> None:
    """Whichever comes first, the well-spelt header has the column."""
    headers = ["Destinaton country", "Destination country"]
    found = keys(*(headers[place] for place in order))
    assert found == {"destination_country": order.index(1)}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_near_spelling_never_takes_a_column_from_an_alias(order: tuple[int, int]) -> None:
    """A known other name is surer than a slip."""
    headers = ["Destinaton country", "Ship-to country"]
    found = keys(*(headers[place] for place in order))
    assert found == {"destination_country": order.index(1)}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_an_alias_never_takes_a_column_from_its_own_header(order: tuple[int, int]) -> None:
    """The column's own name wins over another name for it, and the other is reported as unread."""
    headers = ["Customer", "End user"]
    placed = [headers[place] for place in order]
    assert keys(*placed) == {"end_user": order.index(1)}
    assert 'Header "Customer" also means "End user" and was left unread; keep one.' in notes(*placed)


def test_short_words_are_not_stretched_to_a_column() -> None:
    """Near spellings of short words would be guesses."""
    assert keys("Dat", "Own", "Ide", "Qtz", "Typ") == {}


# Headers that look alike


@pytest.mark.parametrize(
    "headers",
    [
        ("Country", "Exporter country", "Intermediary country"),
        ("Intermediary country", "Country", "Exporter country"),
        ("Exporter country", "Intermediary country", "Country"),
    ],
)
def test_a_bare_country_is_the_destination_beside_the_other_two(headers: Sequence[str]) -> None:
    """A bare country means where it goes, and never takes the place of the exporter's or reseller's country."""
    assert keys(*headers) == {
        "destination_country": headers.index("Country"),
        "exporter_country": headers.index("Exporter country"),
        "intermediary_country": headers.index("Intermediary country"),
    }


def test_the_country_of_another_party_is_not_the_destination() -> None:
    """A table without a destination has none, though it has other countries."""
    assert keys("Exporter country", "Reseller country") == {"exporter_country": 0, "intermediary_country": 1}


def test_product_and_its_relatives_are_told_apart() -> None:
    """Product, description and category each find their own column."""
    assert keys("Product category", "Description", "Product") == {
        "product_category": 0,
        "product_description": 1,
        "product": 2,
    }


def test_dates_are_told_apart() -> None:
    """The date of the deal, of the screening and of the decision are three columns."""
    assert keys("Decision date", "Date", "Screening date") == {"decision_date": 0, "as_of_date": 1, "screening_date": 2}


# Headers that are nobody's


@pytest.mark.parametrize(
    "header",
    ["Salesperson", "Remarks", "Incoterm", "Cost centre", "Weight kg", "Margin", "Rating", "Risk score", "Colour", "x"],
)
def test_extra_columns_are_left_alone(header: str) -> None:
    """A column that is the user's own is neither read nor reported."""
    found = match_headers(["Product", header, "End user"])
    assert found.keys == {"product": 0, "end_user": 2}
    assert (found.owned, found.notes) == ({}, [])


@pytest.mark.parametrize(
    "headers",
    [
        ("제품", "최종 사용자", "목적지", "수량"),
        ("Продукт", "Конечный пользователь", "Страна назначения"),
    ],
)
def test_headers_of_other_languages_are_untouched(headers: Sequence[str]) -> None:
    """A language that is not known is never half guessed."""
    found = match_headers(headers)
    assert (found.keys, found.owned, found.score) == ({}, {}, 0.0)


@pytest.mark.parametrize(
    "headers",
    [
        ("Auftragsnummer", "Produkt", "Endverwender", "Bestimmungsland", "Verwendungszweck", "Händler", "Menge"),
        (
            "Commande",
            "Produit",
            "Utilisateur final",
            "Pays de destination",
            "Utilisation finale",
            "Revendeur",
            "Quantité",
        ),
        ("Pedido", "Producto", "Usuario final", "País de destino", "Uso final", "Distribuidor", "Cantidad"),
    ],
)
def test_essentials_are_read_in_german_french_and_spanish(headers: Sequence[str]) -> None:
    """What a finance export carries is known by its usual name in the languages of most exports."""
    found = match_headers(headers)
    keys = {"transaction_id", "product", "end_user", "destination_country", "end_use", "intermediary", "quantity"}
    assert set(found.keys) == keys
    assert found.score > 0


def test_blank_and_merged_headers_take_their_place_and_nothing_else() -> None:
    """The gaps that merged cells leave shift no column."""
    assert keys(None, "Product", "", "   ", None, "End user", None) == {"product": 1, "end_user": 5}


def test_numbers_dates_and_truths_are_no_headers() -> None:
    """A header row may hold years, amounts and empty formulas."""
    assert keys(2026, 3.5, True, 0, float("nan"), b"Product", "Product") == {"product": 6}


def test_no_headers_are_no_match() -> None:
    """An empty row is no header of transactions."""
    found = match_headers([])
    assert (found.keys, found.owned, found.notes, found.score) == ({}, {}, [], 0.0)


# Duplicates


def test_of_two_equal_headers_the_first_is_read_and_the_second_reported() -> None:
    """A column that stands twice is read once, and the user is told to keep one."""
    assert keys("Product", "End user", "Product") == {"product": 0, "end_user": 1}
    assert notes("Product", "End user", "Product") == (
        'Header "Product" also means "Product" and was left unread; keep one.'
    )


def test_header_and_key_of_one_column_are_duplicates() -> None:
    """The stable key beside the header is the same column again."""
    assert keys("end_user", "End user") == {"end_user": 0}
    assert "keep one" in notes("end_user", "End user")


# Columns of ours


def test_results_of_an_earlier_run_are_owned_and_not_read() -> None:
    """Result columns and flag columns are found again, apart from the inputs."""
    found = match_headers(["Product", "HRDD rating", "Why this rating", "2-RF-06 Some title", "HRDD-4-RF-01"])
    assert found.keys == {"product": 0}
    assert found.owned == {"rating": 1, "why": 2, "HRDD-2-RF-06": 3, "HRDD-4-RF-01": 4}


def test_a_flag_keeps_its_column_when_its_title_changes() -> None:
    """The id at the head of the header decides; the words behind it may change between versions."""
    assert match_headers(["2-RF-06 Words of last year"]).owned == match_headers(["2-RF-06 Words of today"]).owned


@pytest.mark.parametrize("header", ["12-RF-06 x", "2-RF-6 x", "RF 06", "2-RF-061", "A2-RF-06", "2-RQ-06"])
def test_what_only_resembles_a_flag_is_the_users_own(header: str) -> None:
    """No column of the user's is taken for a result by a slip."""
    assert match_headers([header]).owned == {}


def test_a_near_spelling_of_a_result_is_the_users_own() -> None:
    """Results are written over; so their headers are recognised exactly or not at all."""
    assert match_headers(["HRDD ratings", "Severity", "Why this ratings"]).owned == {}


# How convincing a row is


def test_transactions_need_a_product_and_somebody_or_somewhere() -> None:
    """A row is a header of transactions only with a product and an end user or destination."""
    assert match_headers(["Product", "End user", "Destination country"]).score > 0
    assert match_headers(["Product", "Quantity", "Amount", "Currency"]).score == 0
    assert match_headers(["End user", "Destination country", "Amount"]).score == 0


def test_a_table_of_customers_is_no_table_of_transactions() -> None:
    """Names and countries alone are a list of addresses."""
    assert match_headers(["Customer", "Country", "City"]).score == 0


def test_more_columns_are_more_convincing() -> None:
    """Of two candidate rows the fuller one wins."""
    few = match_headers(["Product", "End user", "Destination country"])
    many = match_headers([column.header for column in INPUTS])
    assert many.score > few.score > 0


# What always holds

known = st.sampled_from([text for column in INPUTS for text in (column.header, column.key, *column.aliases)])
unknown = st.one_of(
    st.none(),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.sampled_from(["", "  ", "Remarks", "Incoterm", "Vertriebsgebiet", "City", "Phone"]),
)


@given(st.permutations(range(len(INPUTS))))
def test_permuted_headers_give_the_permuted_mapping(order: list[int]) -> None:
    """The place of a column says nothing about what it is."""
    found = match_headers([INPUTS[place].header for place in order])
    assert found.keys == {INPUTS[place].key: position for position, place in enumerate(order)}
    assert found.notes == []


def _slip(text: str, place: int) -> str:
    """The text with one letter left out."""
    place %= len(text)
    return text[:place] + text[place + 1 :]


@given(
    st.lists(st.sampled_from(INPUTS), unique_by=lambda column: column.key, min_size=2, max_size=12),
    st.lists(st.integers(0, 60), min_size=12, max_size=12),
    st.randoms(use_true_random=False),
)
def test_permuted_slips_give_the_permuted_mapping(columns: list[object], slips: list[int], random: object) -> None:
    """Headers with one letter missing are read alike wherever they stand."""
    headers = [_slip(column.header, slip) for column, slip in zip(columns, slips, strict=False)]  # type: ignore[attr-defined]
    shuffled = list(headers)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    if len(set(map(fold, headers))) == len(headers):
        by_name = {key: headers[place] for key, place in keys(*headers).items()}
        assert {key: shuffled[place] for key, place in keys(*shuffled).items()} == by_name


@given(st.lists(st.one_of(known, unknown), max_size=25))
def test_a_place_is_read_once_and_a_column_has_one_place(headers: list[object]) -> None:
    """Whatever a row holds, no column is read from two places and no place as two columns."""
    found = match_headers(headers)
    places = [*found.keys.values(), *found.owned.values()]
    assert len(set(places)) == len(places)
    assert set(found.keys) <= set(INPUT_BY_KEY)
    assert all(headers[place] is not None for place in places)


@given(st.lists(known, max_size=12), st.lists(unknown, max_size=12), st.randoms(use_true_random=False))
def test_headers_that_are_nobodys_change_nothing(ours: list[str], theirs: list[object], random: object) -> None:
    """Columns of the user's own, put anywhere between, leave the mapping as it is."""
    mixed: list[object] = list(ours)
    for header in theirs:
        mixed.insert(random.randint(0, len(mixed)), header)  # type: ignore[attr-defined]
    alone = {key: ours[place] for key, place in keys(*ours).items()}
    assert {key: mixed[place] for key, place in keys(*mixed).items()} == alone


@given(st.lists(st.text(), max_size=8))
def test_any_text_may_stand_in_a_header(headers: list[str]) -> None:
    """Recognition never fails, and takes a text only for a spelling that it resembles."""
    found = match_headers(headers)
    for key, place in found.keys.items():
        assert fold(headers[place])
        assert key in INPUT_BY_KEY


@given(st.sampled_from([column.header for column in OUTPUTS]), st.lists(known, max_size=6))
def test_a_result_is_never_read_as_an_input(result: str, others: list[str]) -> None:
    """A result column of an earlier run is not fed back into the scorer."""
    found = match_headers([result, *others])
    assert 0 not in found.keys.values()
    assert 0 in found.owned.values()


# What was not read


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ("Dat", "Date"), ("Date (planned)", "Date"), ("Region", "Destination region"), ("Cust name", "End user"),
        ("Dest", "Destination country"), ("End use text", "Stated end use"),
        ("Screening of parties", "Screening result"),
    ],
)  # fmt: skip
def test_a_header_that_may_be_a_missing_column_is_named(header: str, wanted: str) -> None:
    """A column that was dropped and looks like one that is missing is reported, with what to name it."""
    headers = ["Product", "Description", "Product category", header]
    headers += [name for name in ("End user", "Destination country") if name != wanted]
    assert f'Header "{header}" was not read; name it "{wanted}" if that is what it holds.' in notes(*headers)


def test_a_header_is_not_named_for_a_column_that_is_there() -> None:
    """A second date is the user's own where the date of the deal was found."""
    headers = ["Date", "Date of fair", "Product", "End user", "Destination country", "Region"]
    assert notes(*headers) == ('Header "Region" was not read; name it "Destination region" if that is what it holds.')


def test_a_table_without_a_date_says_at_which_day_it_is_judged() -> None:
    """No date column changes every row, so it is said; a table with one is not spoken of."""
    told = 'No column "Date" was found; every row is judged at the day of scoring.'
    assert told in notes("Product", "End user", "Destination country")
    assert told not in notes("Date", "Product", "End user", "Destination country")
