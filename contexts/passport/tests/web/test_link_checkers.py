"""Who opens links without scanning, by the name it gives itself."""

import pytest

from contexts.passport.web import link_checkers
from contexts.passport.web.link_checkers import NAMED_ANYWHERE, NAMED_FIRST, is_link_checker

PROGRAMS = [
    "AhrefsBot/7.0",
    "facebookexternalhit/1.1",
    "Mozilla/5.0 (X11; Linux x86_64) Safari/537.36 Google-PageRenderer Google (+https://google.example)",
    "Snap URL Preview Service; bot; snapchat; https://developers.snap.com/robots",
    "http.rb/5.1.1 (Mastodon/4.0.2; +https://mastodon.example/)",
    "Iframely/1.3.1 (+https://iframely.com/docs/about)",
    "Mozilla/5.0 (compatible; Bluesky Cardyb/1.1; +mailto:support@bsky.app)",
    "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "Mozilla/5.0 (compatible; DuckDuckBot/1.1; +https://duckduckgo.com/duckduckbot)",
    "Mozilla/5.0 (compatible; Google-InspectionTool/1.0;)",
    "Mozilla/5.0 (compatible; GoogleOther)",
    "Mozilla/5.0 (compatible; MJ12bot/v1.4.8; http://mj12bot.com/)",
    "Mozilla/5.0 (compatible; Pinterestbot/1.0; +http://www.pinterest.com/bot.html)",
    "Mozilla/5.0 (compatible; redditbot/1.0; +http://www.reddit.com/feedback)",
    "Mozilla/5.0 (compatible; SemrushBot-SI/0.97; +http://www.semrush.com/bot.html)",
    "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
    "Mozilla/5.0 (Linux; Android 5.0) AppleWebKit/537.36 Mobile Safari/537.36 (compatible; Bytespider)",
    "Mozilla/5.0 (Linux; Android 7.0;) AppleWebKit/537.36 Mobile Safari/537.36 (compatible; PetalBot;+x)",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko); compatible; ChatGPT-User/1.0; +https://openai.com",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; ClaudeBot/1.0; +claudebot@example.com)",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
    "Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)",
    "Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)",
    "Viber/22.3.0",
    "WhatsApp/2.24 A",
    "CCBot/2.0 (https://commoncrawl.org/faq/)",
]

PEOPLE = [
    "",
    "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 [Pinterest/iOS]",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1 Ddg/18.5",
    "Mozilla/5.0 (Linux; Android 13; CUBOT X70) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Linux; Android 13; CUBOT CURL 2) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Linux; Android 14; SM-A556B; wv) AppleWebKit/537.36 Chrome/126.0 Mobile [FBAN/FBAV]",
    "Mozilla/5.0 (Linux; Android 14; SM-A556B; wv) AppleWebKit/537.36 Mobile Safari/537.36 Viber/22.3",
    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 YaBrowser/24.6 Mobile Safari/537.36",
    "Mozilla/5.0 (Linux; Android 14; Telegram-Android/11.0) AppleWebKit/537.36 Mobile Safari/537.36",
    "Mozilla/5.0 (Linux; Android 14; ACCBOT) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36",
    "libcurly/1.0",
    "curlyphone/1.0",
]


@pytest.mark.parametrize("agent", PROGRAMS)
def test_programs_are_known_by_name(agent: str) -> None:
    assert is_link_checker(agent)


@pytest.mark.parametrize("agent", PEOPLE)
def test_people_are_nobody_of_the_list(agent: str) -> None:
    assert not is_link_checker(agent)


@pytest.mark.parametrize("names", [NAMED_ANYWHERE, NAMED_FIRST])
def test_the_list_is_sorted_and_in_lower_case(names: tuple[str, ...]) -> None:
    assert list(names) == sorted({name.lower() for name in names})


def test_every_name_of_the_list_is_found() -> None:
    assert all(is_link_checker(f"{name.title()}/1.0") for name in (*NAMED_ANYWHERE, *NAMED_FIRST))


def test_a_long_text_is_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    remembered: list[str] = []

    def remember(agent: str) -> bool:
        remembered.append(agent)
        return False

    monkeypatch.setattr(link_checkers, "_is_link_checker", remember)
    is_link_checker("x" * 60_000)
    assert [len(agent) for agent in remembered] == [512]
