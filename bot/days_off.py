"""Which days are free: weekends and public holidays, by the country of a time zone."""

from datetime import date
from functools import lru_cache

import holidays
from babel.core import get_global

_WEEKEND = (5, 6)
_NEW_YEAR = ((12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3))
"""When Japanese offices are closed: the Act on Holidays of Administrative Organs (行政機関の休日に関する法律), which
companies follow."""


def is_day_off(zone: str, day: date) -> bool:
    """Whether nobody is expected at work that day. Of a zone without a country only the weekend is known."""
    country = find_country(zone)
    if country == "JP" and (day.month, day.day) in _NEW_YEAR:
        return True
    return day.weekday() in _WEEKEND or day in _list_holidays(country, day.year)


def find_country(zone: str) -> str:
    """The ISO code of the country of an IANA zone, such as DE for Europe/Berlin; "" where it has none."""
    aliases, territories = get_global("zone_aliases"), get_global("zone_territories")
    country = str(territories.get(zone) or territories.get(aliases.get(zone, zone)) or "")
    return country if country.isalpha() and country != "ZZ" else ""


@lru_cache(maxsize=256)
def _list_holidays(country: str, year: int) -> frozenset[date]:
    """The public holidays of a country, as far as they are known for that year."""
    try:
        return frozenset(holidays.country_holidays(country, years=year))
    except NotImplementedError:  # a country that the package does not know
        return frozenset()
