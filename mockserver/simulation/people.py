"""Made-up people and companies: pure functions of (seed, stream, number), and free of clashes.

Mail addresses and web sites lie in domains reserved for examples (RFC 2606), telephone numbers
in the range reserved for fiction (555-0100 to 555-0199).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from mockserver.simulation.clock import SECOND, moment, stamp
from mockserver.simulation.identity import Identity

T = TypeVar("T")

_FIRST = (
    "Ada",
    "Ben",
    "Carla",
    "Diego",
    "Elena",
    "Farid",
    "Grace",
    "Hiro",
    "Ines",
    "Jonas",
    "Keiko",
    "Liam",
    "Maya",
    "Noah",
    "Priya",
    "Zoe",
)
_LAST = (
    "Abbott",
    "Bianchi",
    "Castro",
    "Dubois",
    "Eriksen",
    "Garcia",
    "Haddad",
    "Ito",
    "Jensen",
    "Kovacs",
    "Moreau",
    "Okafor",
    "Petrov",
    "Rossi",
    "Tanaka",
    "Walsh",
)
_COMPANY = (
    "Alder",
    "Birch",
    "Cobalt",
    "Delta",
    "Ember",
    "Fjord",
    "Granite",
    "Harbor",
    "Juniper",
    "Keystone",
    "Lumen",
    "Meridian",
    "Orchard",
    "Pioneer",
    "Summit",
    "Willow",
)
_LINE = ("Analytics", "Foods", "Labs", "Logistics", "Media", "Robotics", "Software", "Supply")
_FORM = ("Inc", "LLC", "Ltd", "GmbH", "Co")
_TITLE = (
    "Account Executive",
    "Chief Technology Officer",
    "Customer Success Manager",
    "Director of Operations",
    "Head of Marketing",
    "Product Manager",
    "Sales Manager",
    "Software Engineer",
    "VP of Sales",
)
_DEPARTMENT = ("Engineering", "Finance", "Marketing", "Operations", "Sales", "Support")
#: City, state, state code, country, country code, postal code.
_PLACE = (
    ("San Francisco", "California", "CA", "United States", "US", "94105"),
    ("Austin", "Texas", "TX", "United States", "US", "78701"),
    ("New York", "New York", "NY", "United States", "US", "10001"),
    ("Chicago", "Illinois", "IL", "United States", "US", "60601"),
    ("Denver", "Colorado", "CO", "United States", "US", "80202"),
    ("Toronto", "Ontario", "ON", "Canada", "CA", "M5H 2N2"),
    ("Vancouver", "British Columbia", "BC", "Canada", "CA", "V6B 1A1"),
)
_STREET = ("Main St", "Oak Avenue", "Market St", "Park Road", "Second St", "Lake Drive")
_WORD = ("active", "draft", "final", "open", "pending", "ready", "review")
_VERB = ("Review", "Prepare", "Discuss", "Confirm", "Update", "Close", "Schedule", "Renew")
_THING = ("contract", "demo", "invoice", "onboarding", "pricing", "proposal", "roadmap", "trial")
_END = (
    "before the end of the quarter.",
    "with the whole team.",
    "as agreed on the phone.",
    "once legal has signed off.",
    "and send a summary afterwards.",
)
_OLDEST: int = moment("2024-01-01T00:00:00Z")
_YEAR = 365 * 24 * 3600
#: Nothing was made or changed at this moment or later; microseconds since 1970-01-01 UTC.
NEWEST: int = _OLDEST + 2 * _YEAR * SECOND


@dataclass(frozen=True, slots=True)
class Persona:
    """What one number of one stream stands for: a person, their company, and things to note."""

    identity: Identity
    stream: str
    number: int

    def pick(self, what: str, options: Sequence[T]) -> T:
        """Return one of the options, always the same for the same `what`."""
        return options[self.below(what, len(options))]

    def below(self, what: str, limit: int) -> int:
        """Return a number from 0 to `limit` - 1, always the same for the same `what`."""
        return int(self.identity.hexadecimal(f"{self.stream}/{what}", self.number), 16) % limit

    @property
    def first(self) -> str:
        """A first name."""
        return self.pick("first", _FIRST)

    @property
    def last(self) -> str:
        """A family name."""
        return self.pick("last", _LAST)

    @property
    def name(self) -> str:
        """First and family name."""
        return f"{self.first} {self.last}"

    @property
    def username(self) -> str:
        """A login made of the name; the number keeps it from clashing."""
        return f"{self.first}.{self.last}{self.number}".lower()

    @property
    def email(self) -> str:
        """An address made of the name."""
        return f"{self.username}@example.com"

    @property
    def phone(self) -> str:
        """A telephone number that nobody has."""
        return f"+1 {self.below('area', 800) + 200}-555-01{self.below('line', 100):02}"

    @property
    def title(self) -> str:
        """A job title."""
        return self.pick("title", _TITLE)

    @property
    def department(self) -> str:
        """A department."""
        return self.pick("department", _DEPARTMENT)

    @property
    def company(self) -> str:
        """A company's name."""
        return (
            f"{self._company()} {self.pick('line of business', _LINE)} {self.pick('form', _FORM)}"
        )

    @property
    def domain(self) -> str:
        """The company's domain."""
        return f"{self._company()}{self.number}.example".lower()

    @property
    def website(self) -> str:
        """The company's web site."""
        return f"https://www.{self.domain}"

    @property
    def linkedin(self) -> str:
        """A profile page."""
        return f"https://social.example/in/{self.username}"

    @property
    def street(self) -> str:
        """Number and street."""
        return f"{self.below('house', 990) + 10} {self.pick('street', _STREET)}"

    @property
    def city(self) -> str:
        """A city; state, country and postal code fit it."""
        return self.pick("place", _PLACE)[0]

    @property
    def state(self) -> str:
        """The city's state or province."""
        return self.pick("place", _PLACE)[1]

    @property
    def state_code(self) -> str:
        """The code of the state."""
        return self.pick("place", _PLACE)[2]

    @property
    def country(self) -> str:
        """The city's country."""
        return self.pick("place", _PLACE)[3]

    @property
    def country_code(self) -> str:
        """The code of the country. Source: ISO 3166-1 alpha-2."""
        return self.pick("place", _PLACE)[4]

    @property
    def postal_code(self) -> str:
        """The city's postal code."""
        return self.pick("place", _PLACE)[5]

    @property
    def word(self) -> str:
        """One word."""
        return self.pick("word", _WORD)

    @property
    def subject(self) -> str:
        """A heading."""
        return f"{self.pick('verb', _VERB)} {self.pick('thing', _THING)}"

    @property
    def sentence(self) -> str:
        """A sentence."""
        return f"{self.subject} {self.pick('end', _END)}"

    @property
    def created(self) -> str:
        """A time in 2024."""
        return stamp(_OLDEST + self.below("created", _YEAR) * SECOND)

    @property
    def modified(self) -> str:
        """A time within a year after `created`."""
        later = self.below("created", _YEAR) + self.below("modified", _YEAR)
        return stamp(_OLDEST + later * SECOND)

    def _company(self) -> str:
        return self.pick("company", _COMPANY)
