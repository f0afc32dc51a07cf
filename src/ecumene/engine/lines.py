"""An intervention typed as a line, after `--do` or in a scenario file.

    at 12: transmission = 0.05
    from 5 until 20: transmission = 0.05
    when reached_share > 0.1 after 3: transmission = 0.02
    at 3: mood = 2 for 10% where country = NGA or GHA and age_band = 15-19
    at 3: price = 12, stock[4] = 0
    at 3: wage = 12 for 10% of firms
    at 8: seed 100
    at 8: seed 100 with reached_at = now, reached_now = true where country = NGA
    at 4: broadcast by largest 3 over contacts
    at 4: broadcast by number 4711, 12
    from 5 until 20: remove 30% of contacts where age_band = 0-4
    at 5: remove all of contacts between country = NGA, others
    at 5: enter 100 with age = 0
    at 5: leave for 10% of agents where country = NGA

What is wrong is told with the line, a caret below the word that it is about, and what may stand
there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import InterventionError, unknown
from .changes import Broadcast, Change, SeedAgents, SetColumn, SetParameter
from .choosing import Share, Who
from .interventions import Intervention
from .model import Model, Sample
from .moments import MOST_STEPS, At, During, Moment, When
from .removing import RemoveTies
from .setting import SetEnvironment, cell_of
from .sizes import MOST_AGENTS, parse_whole
from .spelling import NOW
from .turnover import Enter, Leave
from .words import Words

MOMENTS = ("at", "from", "when")
CHANGES = (
    "`NAME = VALUE`, `seed COUNT`, `broadcast by largest` (or `by number`), "
    "`remove SHARE of NETWORK`, `enter COUNT` and `leave`"
)
VERBS = ("seed", "broadcast", "remove", "enter", "leave")
KINDS = ("parameter", "column", "environment")
ANY = "parameter, column or environment value"


def parse_intervention(line: str, model: Model) -> Intervention:
    """The intervention that `line` says, checked; `InterventionError` points at what is wrong."""
    reader = _Reader(line, model)
    try:
        found = reader.intervention()
        return found.checked(model)
    except InterventionError as error:
        at = reader.places.get(error.about, reader.position)
        raise InterventionError(f"{error}\n  {line}\n  {' ' * at}^", error.about) from error


class _Reader(Words):
    """Reads one line from left to right; `places` says where what was read stands."""

    def intervention(self) -> Intervention:
        word = self._word("when it happens: `at STEP`, `from STEP until STEP` or `when MEASURE`")
        if word.text.lower() not in MOMENTS:
            self._refuse(word, f"{unknown('moment', word.text, MOMENTS)} Type, say, `at 12: ...`.")
        moment = getattr(self, f"_{word.text.lower()}")()
        self._sign(":", "`:` and the change")
        change = self._change()
        if self._peek() is not None:
            self._refuse(self._peek(), "this is one word too many; the line could end before it.")
        return Intervention(moment, change)

    def _at(self) -> Moment:
        return At(self._step())

    def _from(self) -> Moment:
        first = self._step()
        self._keyword("until")
        return During(first, self._step())

    def _when(self) -> Moment:
        measure = self._named("measure", "the name of a measure")
        sign = self._take("`>` or `<` and a number")
        sides = {">": True, "above": True, "<": False, "below": False}
        if sign.text.lower() not in sides:
            self._refuse(sign, f"`{sign.text}` is no way to cross; type `>` or `<`.")
        token = self._word("the number to cross")
        self.places[f"value:{measure}"] = token.at
        value = self._number(token)
        after = self._step() if self._found("after") else 0
        return When(measure, sides[sign.text.lower()], value, after)

    def _change(self) -> Change:
        word = self._word(f"a change: {CHANGES}")
        assigns = self._sign_follows("=")
        if not assigns and word.text.lower() in VERBS and not word.is_quoted:
            return getattr(self, f"_{word.text.lower()}")()
        self.next -= 1
        kind = word.text.lower() if not assigns and word.text.lower() in KINDS else ""
        if not assigns and not kind:
            if self._is_known(word.text):
                self.next += 1
                self._sign("=", f"`=` and a value of `{word.text}`")
            near = unknown("change", word.text, VERBS)
            self._refuse(word, f"{near} Besides those, type {CHANGES}.")
        return self._assignments()

    def _assignments(self) -> Change:
        kind, settings = "", dict[str, Any]()
        while True:
            first = self.next
            said = next((kind for kind in KINDS if self._found_before_name(kind)), "")
            name = self._named("name", f"the name of a {ANY}")
            here = said or self._kind_of(name)
            if kind and here != kind:
                self.next = first
                self._refuse(
                    self._peek(),
                    f"`{name}` is of the kind {here}, those before it {kind}; write two lines.",
                )
            kind = here
            settings[name] = self._setting(name)
            if not self._found(","):
                break
        if kind == "parameter":
            return SetParameter(settings)
        if kind == "environment":
            return SetEnvironment(settings)
        of, sample = self._for() if self._found("for") else ("", None)
        of = of or self._only_home(settings)
        return SetColumn(settings, Who(self._where(of), sample, of))

    def _kind_of(self, name: str) -> str:
        """Which of `KINDS` a name is; of several, the line must say it."""
        model, base = self.model, cell_of(name)[0]
        has = {
            "parameter": name in model.parameters,
            "column": name in self._columns,
            "environment": name in model.environment or base in model.environment,
        }
        kinds = [kind for kind, found in has.items() if found]
        if len(kinds) > 1:
            typed = " or ".join(f"`{kind} {name} = ...`" for kind in kinds)
            raise InterventionError(
                f"`{name}` is {len(kinds)} things; type {typed}.", f"name:{name}"
            )
        if not kinds:
            known = [*model.parameters, *self._columns, *model.environment]
            raise InterventionError(unknown(ANY, name, known), f"name:{name}")
        return kinds[0]

    def _is_known(self, name: str) -> bool:
        return name in (*self.model.parameters, *self._columns, *self.model.environment)

    @property
    def _columns(self) -> list[str]:
        return [name for people in self.model.populations.values() for name in people.names]

    def _only_home(self, settings: Mapping[str, Any]) -> str:
        """The population that has these columns, where the first has not and only one other has."""
        has = [n for n, p in self.model.populations.items() if all(c in p.names for c in settings)]
        return has[0] if len(has) == 1 and has[0] != self.model.first else ""

    def _population(self) -> str | None:
        """The population that comes next by name, empty for `agents`; None if neither does."""
        token = self._peek()
        if token is not None and token.text in self.model.populations and not token.is_quoted:
            self.next += 1
            self.places[f"of:{token.text}"] = token.at
            return token.text
        return "" if self._found("agents") else None

    def _known_population(self, of: str | None, needed: str = "where") -> None:
        """Refuse the next word where a population should stand, or `needed`."""
        token = self._peek()
        if of is not None or (token is not None and token.text.lower() == "where"):
            return
        if token is None or len(self.model.populations) == 1:
            self._keyword("agents" if token is None else needed)
        self._refuse(token, unknown("population", self._word("").text, self.model.populations))

    def _seed(self) -> Change:
        count = self._count("how many agents to seed")
        of = self._population() or ""
        settings = self._settings() if self._found("with") else {}
        return SeedAgents(count, settings, self._where(of), of)

    def _broadcast(self) -> Change:
        self._keyword("by")
        token = self._word("`largest` or `number`")
        by, count, over, agents = token.text, 1, "", tuple[int, ...]()
        self.places[f"by:{by}"] = token.at
        of = ""
        if by == "number":
            of = self._population() or ""
            agents = self._agents()
        elif by == "largest":
            following = self._peek()
            if following is not None and following.text.lower() not in ("over", "with"):
                count = self._count("how many hubs")
                of = self._population() or ""
            if self._found("over"):
                over = self._named("over", "the name of a network")
        settings = self._settings() if self._found("with") else {}
        return Broadcast(by, count, over, agents, settings, of)

    def _remove(self) -> Change:
        token = self._word("which share of the ties: `30%`, or `all`")
        self.places["share"] = token.at
        share = 1.0 if token.text.lower() == "all" else self._number(token)
        over = self._named("over", "the name of a network") if self._found("of") else ""
        of = self.model.home(over) if over in self.model.networks else ""
        if self._found("between"):
            self.places["between"] = self.position
            groups = [self._group(of)]
            self._sign(",", "`, others` or `,` and the other group")
            if not self._found("others"):
                groups.append(self._group(of))
            return RemoveTies(over, share, between=tuple(groups))
        _, sample = self._for() if self._found("for") else ("", None)
        return RemoveTies(over, share, Who(self._where(of), sample))

    def _enter(self) -> Change:
        self.places["change"] = self.tokens[self.next - 1].at
        count = self._count("how many newcomers enter")
        of = self._population() or ""
        return Enter(count, self._settings() if self._found("with") else {}, of)

    def _leave(self) -> Change:
        self.places["change"] = self.tokens[self.next - 1].at
        of, sample = self._for() if self._found("for") else ("", None)
        return Leave(Who(self._where(of), sample, of))

    def _settings(self) -> dict[str, Any]:
        settings: dict[str, Any] = {}
        while True:
            name = self._named("name", "the name of a column")
            settings[name] = self._setting(name)
            if not self._found(","):
                return settings

    def _setting(self, name: str) -> Any:
        self._sign("=", f"`=` and a value of `{name}`")
        token = self._word(f"a value of `{name}`")
        self.places[f"value:{name}"] = token.at
        value = self._value(token)
        if isinstance(value, str):
            self._refuse(token, f"`{value}` is no value; type a number, true, false, never or now.")
        if value == NOW and self._found("+"):
            value += self._whole("how many steps from now", MOST_STEPS)
        return value

    def _agents(self) -> tuple[int, ...]:
        agents = [self._agent()]
        while self._found(","):
            agents.append(self._agent())
        return tuple(agents)

    def _for(self) -> tuple[str, Sample | Share | None]:
        """Of which population, and how many of it."""
        of = self._population()
        if of is not None:
            following = self._peek()
            if of and (following is None or following.text.lower() == "where"):
                return of, None
            agents = self._agents()
            return of, Sample(len(agents), agents)
        token = self._word("how many: `100 agents` or `10% of agents`")
        self.places["count"] = self.places["sample"] = token.at
        value = self._number(token)
        if token.text.endswith("%") or self._found("of"):
            of = self._population() if self._found("of") or self._peek() else ""
            self._known_population(of)
            return of or "", Share(value)
        self._known_population(of := self._population(), "agents")
        return of or "", Sample(parse_whole(token.text, "a number of agents", 0, MOST_AGENTS))

    def _where(self, of: str = "") -> dict[str, Any]:
        return self._group(of) if self._found("where") else {}

    def _group(self, of: str) -> dict[str, Any]:
        where: dict[str, Any] = {}
        while True:
            name = self._named("column", "the name of a column")
            self._sign("=", f"`=` and a value of `{name}`")
            where[name] = [self._option(name, of)]
            while self._found("or"):
                where[name].append(self._option(name, of))
            if not self._found("and"):
                return where

    def _option(self, name: str, of: str) -> Any:
        """A label as it stands there, or a value of a column without labels."""
        token = self._word(f"a value of `{name}`")
        derived = self.model.populations[self.model.named(of)].derived
        labelled = name in derived and derived[name].labels
        option = token.text if labelled or token.is_quoted else self._value(token)
        self.places[f"option:{name}:{option}"] = token.at
        return option
