"""Words of asking: they say that something is told, happened, or how much, and name no subject by themselves.

Beside a word that does they need not occur (`archive.search.widening`): who asks
what people who witnessed executions told asks for executions. None turns a
question round (not, without, never), and none is narrower than a subject
(gold, soldier, lawyer): a passage without it would answer something else.
"""

from functools import lru_cache
from typing import Final

from archive.analysis import tokens
from archive.text import fold

_ENGLISH: Final = """
    tell told say said speak spoke spoken talk describe description recount narrate mention report reported claim allege alleged
    allegation state statement recall remember explain reveal disclose disclosure admit acknowledge confirm find finding found
    see saw seen witness hear heard watch watched listen listened
    know known knew learn show shown happen occur event incident case instance example episode
    story narrative experience information detail fact evidence document documented documentation record recorded
    question issue matter topic subject aspect overview history context background situation circumstance practice practise
    pattern system systematic systematically scheme policy method kind type form sort way manner nature extent scale level degree
    estimate estimated approximate approximately part thing something reason cause result effect impact role use used
    go went gone come came get got give gave given put make made take took taken bring brought send sent keep kept become became
    let leave left do done force forced use try tried attempt attempted carry carried commit committed subject subjected
    involve involved include including relate related concern concerning regard regarding base based due because
    according per around near inside outside along among amid across toward towards despite upon within throughout
    other another many much more most few several every same different various certain particular common widespread typical
    sign signed press pressed below above
    testify testified hearing still operate lead leads led choose chosen select selected
    man men extreme extremely severe severely serious violation violations rights disposal
    ever anywhere per round surrounding number amount among towards onto ahead against whatever like unlike such
    receive received recognise recognize recognised recognized undergo underwent suffer suffered endure endured face faced
    happening occurring apply applied accuse catch caught prove proved proven describe described depict show shown
    rate rates route routes scene scenes
    allegedly reportedly apparently supposedly current previous previously entire entirely full fully
    high low big large small huge long short old new
    possession possess hold held holding own owned remain remained stay stayed live lived living life
    affair affairs fate plight ordeal portrayal view perspective insight analysis study research report survey
    problem challenge crisis impact consequence consequences
    first last later early earlier former current currently still even just only very often usually sometimes always already ago
    time day daily week month year period date moment place exist existence really actually true person people individual
    difference differences differ worse worst better
    comment comments list meaning definition
    someone somebody victim anyone anybody citizen member treat treatment treated possess possession order ordered behind
"""
_KOREAN: Final = """
    말 이야기 얘기 진술 서술 설명 언급 주장 보고 기록 목격 목격한 목격담 경험 체험 겪은 본 들은 알려진 밝힌 말한 실태 현황 상황
    실상 사례 경우 사건 문제 내용 정보 자료 사실 증거 모습 방식 방법 종류 유형 정도 규모 제도 체계 이유 원인 결과 영향 과정 역할
    시기 당시 시절 때 때문 때문에 동안 이후 이전 현재 과거 오늘 최근 년도 기간 날 곳 장소 내 내의 내부 안 안의 속 밖
    사람 사람들 분 이들 그들 자들 누군가 어떻게 얼마나 몇 명 몇명 추정 추산 약 정말 실제 실제로 가장 많이 많은 여러 다른 모두 전부
    출신 연명 하루 매일 논란 의혹 파장
    했나 했나요 하나요 하였나 있나 있나요 있었나요 당했나 당했나요 되나요 됐나 됐나요 일 일을 어디서 믿을 하나에 그림으로
    후 전 중 뒤 앞 새 더 못한 새로운 나온 있었던 있었다 있었나 있는지 당했다 당한 당함 받은 받다 적발 발각 소지 소지하다
    고생 고통받은 시달린 생활한 살았던 살다 했던 하던 되었던 만들기 만든 통계 크기 규모는 어디로 어디에 어디 왜 무엇을 누가
    장면 추산 집계 발표 실태조사 측 씨 님 및 등 관련한 대해서 통해 위해 의한 인한 따른
    안에서 갔나 갔을까 가진 뭐라고 뭐 하나 누구 누구인가 발견 생존
    거기 생활 삶 상태 조건 피해 원인이 배경 의미 뜻 정의 목록 문제점 발언
    차이 차이점 되나 되는가 되는지 봐서 보면 보다가
    간 가는 보낸 보내진 이루어진 끌려간 끌려가 벌어진 일어난 발생 자행된 하기 하는 되는 해서
    하다 한다 했다 하였다 하여 하고 하며 했고 했으며 했음 했어 했어요 해요 했습니다 합니다 했는가 하는가 했는지 하는지 했을까
    되다 된다 됐다 되었다 됐던 됐습니다 되었습니다 됐는가 됐는지 되었는지
    받는다 받았다 받았던 받았나 받았나요 받았는가 받았는지 받았습니다 당하다 당한다 당하는 당했던 당했는가 당했는지 당했습니다
"""

# Endings of questions, which stand after a word that is no subject: 명인가, 얼마나되나.
ASKING: Final = ("인가요", "입니까", "인가", "인지", "되나", "였나", "나요")


@lru_cache(maxsize=1)
def _english() -> frozenset[str]:
    return frozenset(tokens.stem(word) for word in _ENGLISH.split())


@lru_cache(maxsize=1)
def _korean() -> frozenset[str]:
    return frozenset("".join(map(tokens.southern, word)) for word in _KOREAN.split())


def lists() -> tuple[frozenset[str], frozenset[str]]:
    """Return the stems of the English words, and the Korean words in South Korean spelling."""
    return _english(), _korean()


def is_general(word: str, forms: tuple[str, ...]) -> bool:
    """Say whether a word names no subject by itself.

    :param forms: the word as a key of a label, and without the particles that may end it.
    """
    folded = fold(word)
    if folded.isascii():
        return tokens.stem(folded) in _english()
    known = _korean()
    stripped = (form.removesuffix(ending) for form in forms for ending in ASKING if form.endswith(ending))
    return any(each in known for each in (*forms, *stripped))
