"""Product texts: the gravest category the words allow, and how they say it."""

from __future__ import annotations

import numpy as np
import pytest

from hrdd.wording import read_products


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("Traffic management with DPI", "dpi_ip_surveillance"),
        ("Traffic management with DPI, aggregate only", "network_management"),
        ("SIEM and packet capture on own network", "network_management"),
        ("Packet capture for the national gateway", "dpi_ip_surveillance"),
        ("Sequencing reagents, clinical", "rapid_dna"),
        ("Analogue replacement IP cameras, no analytics", "video_surveillance"),
        ("Commercial red-team software", "cyber_testing"),
        ("Handheld thermal imagers", "thermal_imaging"),
        ("Depth-sensor people counter", "video_analytics"),
        ("Lawful interception and IP cameras", "lawful_interception"),
        ("Body-worn cameras", "body_worn"),
        ("GPU servers", "component"),
        ("National firewall", "internet_filtering"),
        ("Firewall licence", "privacy_security"),
    ],
)
def test_the_words_name_a_category(text: str, category: str) -> None:
    """Of several categories the gravest stands, unless the words of a benign reading apply."""
    assert read_products([text]).category[0] == category


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("Software zur Gesichtserkennung", "facial_recognition"),
        ("Caméras avec reconnaissance faciale", "facial_recognition"),
        ("Sistema de reconocimiento facial", "facial_recognition"),
        ("SISTEMA DI RICONOSCIMENTO FACCIALE", "facial_recognition"),
        ("Yüz tanıma yazılımı", "facial_recognition"),
        ("Система распознавания лиц", "facial_recognition"),
        ("Система розпізнавання облич", "facial_recognition"),
        ("نظام التعرف على الوجه", "facial_recognition"),
        ("سامانه تشخیص چهره", "facial_recognition"),
        ("AI人脸识别摄像机", "facial_recognition"),
        ("顔認証システム", "facial_recognition"),
        ("얼굴인식 시스템", "facial_recognition"),
        ("Sistem pengenalan wajah", "facial_recognition"),
        ("Hệ thống nhận diện khuôn mặt", "facial_recognition"),
        ("Ansiktsigenkänning för kameror", "facial_recognition"),
        ("IMSI-ловушка", "imsi_catcher"),
        ("伪基站", "imsi_catcher"),
        ("СОРМ-3", "mass_interception"),
        ("Podsłuch telefoniczny", "lawful_interception"),
        ("اعتراض قانوني للمكالمات", "lawful_interception"),
        ("手机取证", "mobile_forensics"),
        ("Extração de dados de celulares apreendidos", "mobile_forensics"),
        ("Bürostuhl", "general_it"),
        ("офисное кресло", "general_it"),
        ("办公椅", "general_it"),
        ("كرسي مكتب", "general_it"),
    ],
)
def test_the_words_are_read_in_many_languages(text: str, category: str) -> None:
    """Inflection, case, accents and scripts without blanks are no hindrance."""
    assert read_products([text]).category[0] == category


@pytest.mark.parametrize(
    "text",
    [
        "Webcam cover, 3 pcs",
        "Drone spare propeller",
        "Fingerprint door lock",
        "Screen protector",
        "Camera lens 50 mm",
        "Bug report template",
        "Patient monitor",
        "Blood pressure monitor",
        "Baby monitor",
        "Parental control licence",
        "27 inch monitor",
        "Office chair",
        "Laptop with fingerprint reader",
        "HP LaserJet 1200 dpi",
        "Trojan T-105 battery",
        "Swiss army knife",
        "Raspberry jam jars",
        "Dental implant screws",
        "Face cream",
        "Iris bulbs",
        "Temperature monitoring data logger",
        "Parcel tracking labels",
        "Business intelligence report",
        "Concealed hinge for cabinets",
        "Grease interceptor tank",
        "Hand taps and dies",
        "Cracking catalyst",
    ],
)
def test_ordinary_goods_are_no_surveillance(text: str) -> None:
    """Words that only sound like surveillance cost no honest firm a question."""
    reading = read_products([text])
    assert reading.category[0] in {"general_it", "privacy_security"}
    assert not np.array([reading.hints, reading.covert, reading.minority]).any()


def test_an_ordinary_phrase_hides_only_its_own_words() -> None:
    """'Bug fix' calms 'bug' and nothing else in the text."""
    reading = read_products(["Bug fix for IMSI catcher", "Baby monitor and spy camera"])
    assert list(reading.category) == ["imsi_catcher", "covert_audio_video"]


def test_a_plain_word_beside_an_unknown_name_says_nothing() -> None:
    """A licence for an unknown product may be a licence for anything; a licence for office software is not."""
    reading = read_products(["Qintarex licence renewal", "Microsoft Office licence renewal", "Annual licence renewal"])
    assert list(reading.category) == [None, "general_it", "general_it"]


def test_no_text_reads_as_nothing() -> None:
    """Blank cells, missing values, numbers and unknown names have no category and no hint."""
    reading = read_products(["", "   ", None, 7, float("nan"), "Zyx-900", "???"])
    assert list(reading.category) == [None] * 7
    assert not reading.hints.any()
    assert reading.candidates == [()] * 7


@pytest.mark.parametrize(
    "text",
    [
        "Tactical equipment",
        "Monitoring solution for agencies",
        "Lawful suite",
        "Special technical means",
        "Система слежения",
        "监视系统",
        "Equipo de vigilancia",
        "Interceptor server",
    ],
)
def test_surveillance_like_words_without_a_category_are_a_hint(text: str) -> None:
    """Such a text is never read as ordinary goods."""
    reading = read_products([text])
    assert reading.category[0] is None
    assert reading.hints[0]


def test_a_grave_hint_overrules_a_low_category() -> None:
    """A camera 'for interception' is not clearly a camera."""
    reading = read_products(["Camera with interception option", "Camera with lens cloth"])
    assert reading.category[0] is None
    assert reading.hints[0]
    assert reading.candidates[0] == ("video_surveillance",)


@pytest.mark.parametrize(
    ("text", "limited"),
    [
        ("Sequencing reagents, clinical", True),
        ("Sequencing reagents, police laboratory", False),
        ("ANPR cameras for car park barrier", True),
        ("ANPR cameras for checkpoints", False),
        ("Face terminal for time and attendance", True),
        ("Face recognition for crowds", False),
        ("People counter, depth sensor", True),
        ("GPS trackers for truck fleet", True),
        ("Spyware, clinical edition", False),
        ("IMSI catcher for parking", False),
    ],
)
def test_limiting_words_bear_only_on_the_categories_they_fit(text: str, limited: bool) -> None:
    """A clinical word limits DNA products, not spyware."""
    assert bool(read_products([text]).limited[0]) == limited


@pytest.mark.parametrize(
    "text",
    [
        "undetectable phone agent",
        "installs without the target's knowledge",
        "zero-click",
        "à l'insu de la cible",
        "незаметно",
    ],
)
def test_covert_words_are_marked(text: str) -> None:
    """What is sold for use behind the target's back says so."""
    assert read_products([text]).covert[0]


@pytest.mark.parametrize(
    "text",
    [
        "Camera with all-race recognition",
        "Uyghur alarm",
        "ethnicity detection",
        "少数民族识别",
        "распознавание национальности",
    ],
)
def test_words_for_sorting_people_are_marked(text: str) -> None:
    """Recognition by ethnicity or religion is marked; a kurta is not."""
    assert read_products([text]).minority[0]
    assert not read_products(["Ethnic wear kurta"]).minority[0]


def test_all_categories_named_are_kept_as_candidates() -> None:
    """The reading is the gravest; the others stay visible, gravest first."""
    reading = read_products(["Drone with IMSI catcher and face recognition"])
    assert reading.candidates[0] == ("imsi_catcher", "facial_recognition", "uav")


def test_the_words_that_decided_are_told() -> None:
    """Every reading can be explained by words of the text."""
    reading = read_products(["Kit: IMSI-Catcher 4G", "Monitoring thing", "Office chair", "DPI, aggregate only", "Zyx"])
    assert list(reading.matched) == ["imsi catcher", "monitoring", "chair", "aggregate only", ""]
