"""Which button of the menu before became which of the menu after: the cheapest correspondence, found exactly.

Two buttons may correspond where they have the same name or lead to the same target, and two parents also where any of
their children correspond; a button that was both renamed and retargeted is another button. The cost is the number of
edits, except that taking away or bringing a parent costs half an edit more per child that goes or comes with it. By
bare counting, three renamed children would be told as "the parent removed, another one added", because that is two
edits; at half an edit per child a parent is replaced only where little of it lives on. Equal costs are decided by
fewer edits, then fewer buttons that come and go, fewer moves, same position, and reading order.

Method. The parents' partners are enumerated by branch and bound. With those chosen, the buttons that keep their place
in one list are an alignment (of two that changed sides one has moved), found by dynamic programming; for any other
button a move pays only where nothing else about it changed. So what an alignment has to know about the rest of the
menu is what a button costs that doesn't stay, and only among equal buttons does this depend on the other lists. There
the cost of a move is shared out between its two ends, which gives a lower bound; where the bound doesn't hold as it
stands, the search decides button by button whether it moves. ``LIMIT`` bounds the search. Menus that people write
stay far below it; beyond it the best correspondence so far counts, which may not be the cheapest, but the edits told
from it are still exact.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from wxdeploy.planning.buttons import ROOT, Button, Pair, Tree, align, alike, changes, identity

LIMIT = 1000


class Correspondence(NamedTuple):
    """Which button became which: ``origin`` of an after number, and the after numbers that keep their place.

    ``steps`` is how much search it took.
    """

    origin: Mapping[int, int]
    staying: frozenset[int]
    steps: int


def correspond(before: Tree, after: Tree) -> Correspondence:
    """The cheapest correspondence of two trees."""
    return _Search(before, after).run()


class _Scale(NamedTuple):
    """Costs as single numbers that compare in the order in which costs count; all of them doubled, to halve moves."""

    base: int

    def of(self, cost: int, edits: int, alone: int, moves: int, shift: int) -> int:
        value = 0
        for part in (cost, edits, alone, moves, shift):
            value = value * self.base + part
        return value

    def stay(self, fields: int, shift: int) -> int:
        """Two buttons of one list that differ in so many fields, the second so many places away from the first."""
        return self.of(4 * fields, 2 * fields, 0, 0, shift)

    def main(self, value: int) -> int:
        """The part that counts first, in quarters of an edit."""
        unit = self.base**4
        return (value + unit // 2) // unit


Decisions: TypeAlias = Mapping[tuple[int, int], bool]
"""(side, number) of a leaf -> whether it moves."""


class _Gaps(NamedTuple):
    """What each leaf costs that doesn't stay, by whether its list goes on or goes with its parent."""

    kept: tuple[Mapping[int, int], Mapping[int, int]]
    gone: tuple[Mapping[int, int], Mapping[int, int]]


class _Fates(NamedTuple):
    """What is fixed before the lists are aligned: decisions, partners, and the leaves that are partners of parents."""

    gaps: _Gaps
    decided: Decisions = MappingProxyType({})
    taken: frozenset[tuple[int, int]] = frozenset()
    partner: Mapping[int, int] = MappingProxyType({})
    origin: Mapping[int, int] = MappingProxyType({})


class _Found(NamedTuple):
    """One solution of the relaxed problem: its cost, the real cost of what is made of it, and where they differ."""

    bound: int
    cost: int
    parents: tuple[Pair, ...]
    staying: tuple[Pair, ...]
    doubt: tuple[int, int] | None


class _Search:
    def __init__(self, before: Tree, after: Tree) -> None:
        self.trees = (before, after)
        self.parents = tuple([button for button in tree if button.children] for tree in self.trees)
        self.leaves = tuple([button.number for button in tree if not button.children] for tree in self.trees)
        size = len(before) + len(after) + sum(len(button.fields) for tree in self.trees for button in tree)
        self.scale = _Scale(8 * (size + 1) ** 2)
        self.alone = self.scale.of(4, 2, 2, 0, 0)
        self.taken_along = self.scale.of(2, 0, 2, 0, 0)
        self.half_move = self.scale.of(2, 1, 0, 1, 0)
        self.classes = self._classes()
        self.stays: dict[Pair, int | None] = {}
        self.gaps = self._gaps({}, frozenset())
        self.best: _Found | None = None
        self.open: list[tuple[int, int, _Found, Decisions]] = []
        # A step costs about the square of the size: twice forty buttons is more than WeChat accepts.
        self.limit = max(8, min(LIMIT, LIMIT * 80**2 // (len(before) + len(after) + 1) ** 2))
        self.steps = 0

    def _classes(self) -> list[tuple[list[int], list[int]]]:
        """The leaves that are equal, where there are any on both sides."""
        found: dict[object, tuple[list[int], list[int]]] = {}
        for side, (tree, leaves) in enumerate(zip(self.trees, self.leaves, strict=True)):
            for number in leaves:
                found.setdefault(identity(tree[number].fields), ([], []))[side].append(number)
        return [members for members in found.values() if all(members)]

    def _gaps(self, decided: Decisions, taken: frozenset[tuple[int, int]]) -> _Gaps:
        """A split of the cost of every possible move between its ends; any split gives a lower bound.

        Where one side has more equal buttons than the other, some of them stay alone whatever happens, so these get no
        part of what a move saves.
        """
        kept = tuple(dict.fromkeys(leaves, self.alone) for leaves in self.leaves)
        gone = tuple(dict.fromkeys(leaves, self.taken_along) for leaves in self.leaves)
        for members in self.classes:
            free = [
                [n for n in group if (side, n) not in taken and decided.get((side, n)) is not False]
                for side, group in enumerate(members)
            ]
            surplus = len(free[0]) - len(free[1])
            first = self.half_move if surplus == 0 else self.alone if surplus > 0 else 2 * self.half_move - self.alone
            for side, share in enumerate((first, 2 * self.half_move - first)):
                for number in free[side]:
                    moves = decided.get((side, number), False)
                    kept[side][number] = share if moves else min(share, self.alone)
                    gone[side][number] = share if moves else min(share, self.taken_along)
        return _Gaps((kept[0], kept[1]), (gone[0], gone[1]))

    def _stay(self, before: int, after: int) -> int | None:
        """The cost of a pair of leaves in one list; None where they may not correspond or had better not."""
        pair = (before, after)
        if pair not in self.stays:
            old, new = self.trees[0][before], self.trees[1][after]
            cost = None
            if alike(old.fields, new.fields) and (fields := changes(old.fields, new.fields)) <= 2:
                cost = self.scale.stay(fields, abs(old.place - new.place))
            self.stays[pair] = cost
        return self.stays[pair]

    def run(self) -> Correspondence:
        """Enumerate the partners of the parents, then settle what their lower bounds leave open."""
        self._look((), {})
        for pairs in self._partners():
            self._look(pairs, {})
        while self.open and self.steps < self.limit:
            bound, _, found, decided = heapq.heappop(self.open)
            if self.best is None or bound >= self.scale.main(self.best.cost):
                break
            if found.doubt:
                for moves in (True, False):
                    self._look(found.parents, {**decided, found.doubt: moves})
        return self._settle()

    def _look(self, pairs: tuple[Pair, ...], decided: Decisions) -> None:
        self.steps += 1
        found = self._evaluate(pairs, decided)
        if found is None:
            return
        if self.best is None or found.cost < self.best.cost:
            self.best = found
        bound = self.scale.main(found.bound)
        if found.doubt and bound < self.scale.main(self.best.cost):
            heapq.heappush(self.open, (bound, self.steps, found, decided))

    def _partners(self) -> Iterator[tuple[Pair, ...]]:
        """The ways to give parents partners, cheap ones first, as long as they may be as cheap as the best known."""
        options = [self._options(side, parent) for side in (0, 1) for parent in self.parents[side]]
        rest = [0]
        for choices in reversed(options):
            rest.append(rest[-1] + choices[0][0])
        rest.reverse()
        loose = self._align(*self._roots(()), _Fates(self.gaps), some=False)
        lower = loose[0] if loose else 0
        lower += sum(self._alone(side, parent) for side in (0, 1) for parent in self.parents[side])
        stack: list[tuple[int, int, tuple[Pair, ...]]] = [(0, lower, ())]
        left = 2 * len(options) + 8 * self.limit
        while stack and left and self.steps < self.limit:
            left -= 1
            index, lower, pairs = stack.pop()
            if self.best and (self.scale.main(lower + rest[index]) > self.scale.main(self.best.cost)):
                continue
            if index == len(options):
                yield pairs
                continue
            for benefit, pair in reversed(options[index]):
                if pair is None:
                    stack.append((index + 1, lower, pairs))
                elif not any(pair[0] == other[0] or pair[1] == other[1] for other in pairs):
                    stack.append((index + 1, lower + benefit, (*pairs, pair)))

    def _options(self, side: int, parent: Button) -> list[tuple[int, Pair | None]]:
        """What a parent may become, and how much less that costs at best than leaving both alone; cheapest first."""
        options: list[tuple[int, Pair | None]] = [(0, None)]
        alone = self._alone(side, parent)
        if side == 0:
            for other in self.parents[1]:
                if (below := self._below((parent.number, other.number), _Fates(self.gaps))) is not None:
                    cost = self._renewal(parent, other) + below[0]
                    options.append((cost - alone - self._alone(1, other), (parent.number, other.number)))
        opened = sum(self.gaps.kept[side][child] for child in parent.children)
        for number in self.leaves[1 - side]:
            leaf = self.trees[1 - side][number]
            old, new = (parent, leaf) if side == 0 else (leaf, parent)
            # A leaf that lost or got two fields on the way is as cheap as another button, and reads better as one.
            if alike(old.fields, new.fields) and changes(old.fields, new.fields) <= (leaf.parent == ROOT):
                cost = self._renewal(old, new) + opened + (0 if leaf.parent == ROOT else 2 * self.half_move)
                options.append((cost - alone - self.alone, (old.number, new.number)))
        return sorted(options, key=lambda option: (option[0], option[1] is None, option[1] or (0, 0)))

    def _alone(self, side: int, parent: Button) -> int:
        return self.alone + sum(self.gaps.gone[side][child] for child in parent.children)

    def _renewal(self, old: Button, new: Button) -> int:
        return self.scale.stay(changes(old.fields, new.fields), 0)

    def _roots(self, pairs: Sequence[Pair]) -> tuple[list[int], list[int]]:
        """The first-level buttons that take part in the alignment: those that aren't sure to leave or go."""
        lists: list[list[int]] = []
        for side in (0, 1):
            partner = {pair[side]: self.trees[1 - side][pair[1 - side]].parent for pair in pairs}
            first = (button for button in self.trees[side] if button.parent == ROOT)
            lists.append([b.number for b in first if partner.get(b.number, ROOT if not b.children else None) == ROOT])
        return lists[0], lists[1]

    def _below(self, pair: Pair, fates: _Fates) -> tuple[int, list[Pair]] | None:
        """The alignment of the children of two parents, or of a parent and a leaf; None where they may not pair."""
        old, new = self.trees[0][pair[0]], self.trees[1][pair[1]]
        rows = [child for child in old.children if (0, child) not in fates.taken]
        columns = [child for child in new.children if (1, child) not in fates.taken]
        return self._align(rows, columns, fates, some=not alike(old.fields, new.fields))

    def _align(
        self, rows: list[int], columns: list[int], fates: _Fates, *, some: bool
    ) -> tuple[int, list[Pair]] | None:
        cells = [[self._cell(row, column, fates) for column in columns] for row in rows]
        row_gaps = [self.half_move if row in fates.partner else fates.gaps.kept[0][row] for row in rows]
        kept = fates.gaps.kept[1]
        column_gaps = [self.half_move if column in fates.origin else kept[column] for column in columns]
        result = align(cells, row_gaps, column_gaps, some=some)
        return result and (result[0], [(rows[i], columns[j]) for i, j in result[1]])

    def _cell(self, row: int, column: int, fates: _Fates) -> int | None:
        if row in fates.partner or column in fates.origin:
            if fates.partner.get(row) != column:
                return None
            return abs(self.trees[0][row].place - self.trees[1][column].place)
        if fates.decided and (fates.decided.get((0, row)) or fates.decided.get((1, column))):
            return None
        return self._stay(row, column)

    def _fates(self, pairs: tuple[Pair, ...], decided: Decisions) -> _Fates:
        taken = frozenset(
            (side, pair[side]) for pair in pairs for side in (0, 1) if not self.trees[side][pair[side]].children
        )
        gaps = self._gaps(decided, taken) if taken or decided else self.gaps
        return _Fates(gaps, decided, taken, dict(pairs), {after: before for before, after in pairs})

    def _evaluate(self, pairs: tuple[Pair, ...], decided: Decisions) -> _Found | None:
        """The best alignments of all lists for these partners and decisions."""
        fates = self._fates(pairs, decided)
        bound = 0
        staying: list[Pair] = []
        for pair in pairs:
            old, new = self.trees[0][pair[0]], self.trees[1][pair[1]]
            below = self._below(pair, fates)
            if below is None:
                return None
            bound += self._renewal(old, new) + below[0]
            bound += 0 if old.parent == new.parent == ROOT else 2 * self.half_move
            staying += below[1]
        first = self._align(*self._roots(pairs), fates, some=False)
        if first is None:
            return None
        bound += first[0]
        staying += first[1]
        for side, partnered in enumerate((fates.partner, fates.origin)):
            for parent in self.parents[side]:
                if parent.number not in partnered:
                    free = (child for child in parent.children if (side, child) not in fates.taken)
                    bound += self.alone + sum(fates.gaps.gone[side][child] for child in free)
        slack, doubt = self._doubt(fates, staying)
        return _Found(bound, bound + slack, pairs, tuple(staying), doubt)

    def _left(self, side: int, members: Sequence[int], fates: _Fates, stays: set[int]) -> tuple[list[int], list[int]]:
        """Those of some leaves that don't stay: where the list goes on, and where it goes with its parent."""
        kept: list[int] = []
        gone: list[int] = []
        partnered = fates.origin if side else fates.partner
        for number in members:
            if number not in stays and (side, number) not in fates.taken:
                parent = self.trees[side][number].parent
                (kept if parent == ROOT or parent in partnered else gone).append(number)
        return kept, gone

    def _doubt(self, fates: _Fates, staying: Sequence[Pair]) -> tuple[int, tuple[int, int] | None]:
        """How much the moves that are possible cost more than was reckoned, and a leaf to decide about."""
        stays = ({old for old, _ in staying}, {new for _, new in staying})
        total = 0
        worst = 0
        doubt: tuple[int, int] | None = None
        for members in self.classes:
            left = [self._left(side, members[side], fates, stays[side]) for side in (0, 1)]
            slack = self._moves(left)
            for side, (kept, gone) in enumerate(left):
                slack -= sum(fates.gaps.kept[side][n] for n in kept) + sum(fates.gaps.gone[side][n] for n in gone)
            total += slack
            if self.scale.main(slack) > worst:
                order = [(side, n) for side in (0, 1) for part in left[side] for n in part]
                order += [(side, n) for side in (0, 1) for n in members[side] if n in stays[side]]
                open_ones = [leaf for leaf in order if leaf not in fates.decided]
                if open_ones:
                    worst, doubt = self.scale.main(slack), open_ones[0]
        return total, doubt

    def _moves(self, left: Sequence[tuple[list[int], list[int]]]) -> int:
        """What equal leaves cost that don't stay: as many moves as spare an edit, and the rest alone."""
        (kept, gone), (kept_after, gone_after) = left
        moves = min(max(len(kept), len(kept_after)), len(kept) + len(gone), len(kept_after) + len(gone_after))
        cost = 2 * moves * self.half_move
        for some, others in left:
            lone = max(0, len(some) - moves)
            cost += lone * self.alone + (len(some) + len(others) - moves - lone) * self.taken_along
        return cost

    def _settle(self) -> Correspondence:
        """The best solution with its moves: of equal leaves, then of those where a move costs no more than not."""
        if self.best is None:
            return Correspondence({}, frozenset(), self.steps)
        fates = self._fates(self.best.parents, {})
        origin = {new: old for old, new in (*self.best.parents, *self.best.staying)}
        stays = (set(origin.values()), set(origin))
        for members in self.classes:
            left = [self._left(side, members[side], fates, stays[side]) for side in (0, 1)]
            self._join(left[0], left[1], 0, origin)
        stays = (set(origin.values()), set(origin))
        lone = [self._left(side, self.leaves[side], fates, stays[side])[0] for side in (0, 1)]
        self._join((lone[0], []), (lone[1], []), 1, origin)
        return Correspondence(origin, frozenset(new for _, new in self.best.staying), self.steps)

    def _join(
        self, old: tuple[list[int], list[int]], new: tuple[list[int], list[int]], fields: int, origin: dict[int, int]
    ) -> None:
        """Add moves of leaves that differ in so many fields: first where both lists go on, then the nearest."""
        ranked: list[tuple[int, bool, int, int, int]] = []
        for rank, olds, news in ((0, old[0], new[0]), (1, old[0], new[1]), (1, old[1], new[0])):
            for b, a in itertools.product(olds, news):
                was, now = self.trees[0][b], self.trees[1][a]
                if alike(was.fields, now.fields) and changes(was.fields, now.fields) == fields:
                    elsewhere = was.parent != (ROOT if now.parent == ROOT else origin.get(now.parent))
                    ranked.append((rank, elsewhere, abs(was.place - now.place), a, b))
        used: set[int] = set()
        for *_, a, b in sorted(ranked):
            if a not in origin and b not in used:
                origin[a] = b
                used.add(b)
