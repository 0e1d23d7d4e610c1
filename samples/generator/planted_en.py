"""English pages that the quality rules should drop, each for one reason only."""

from __future__ import annotations

import random

SECTIONS = """opening hours | staff and contacts | summer courses | guided walks | lost property
school visits | printed maps | the members' area | rooms for hire | the photo archive
press releases | gift cards | garden plans | repair service | rules of the house
the annual report | job offers | ferry times | parking permits | the seed library
tickets and passes | family events | weather station | the newsletter | tool rental
spare parts | fabric samples | recipes by season | reading lists | the choir""".replace(
    "\n", " | "
).split(" | ")
PLACES = """the main building | the old harbour | the upper town | our partners | the east wing
the reading room | the botanical garden | the city archive | the outer islands | the workshop
the music school | the northern branch | the visitor centre | the mill""".replace(
    "\n", " | "
).split(" | ")
MENU = [
    "All {a} and {b} for visitors to {p}",
    "How to get to {p} with {a}",
    "Overview of {a}, {b} and more at {p}",
    "Questions and answers that have to do with {a}",
    "Find {a} that can be reached from {p}",
    "News of {p}, with {a} and {b}",
    "To the list of {a} at {p}",
    "Print this page with {a} and {b}",
    "Back to {p} and the start page",
    "{a} in plain language, with pictures of {p}",
]

TEASERS = [
    "Nobody expected what the {who} of the village found under the {thing}",
    "This is the reason that {who}s have been hiding the {thing} for years",
    "You will want to sit down with a drink before you see the {thing}",
    "She opened the door of the {place} and could not believe that it was a {thing}",
    "Seven things about the {place} that every {who} ought to have been told",
    "He had only one {thing} left and then the {who} came to the {place}",
    "What the {who} did with the {thing} will make you think of home",
    "They laughed at the {who} until the {thing} began to move",
]
PLAIN = [
    "Read the whole story of the {place} and the {who} in our paper",
    "The {who} of the {place} was not to be reached with any of our questions",
    "More stories about the {thing} and the {place} to be found on page {n}",
    "Seen by {n} thousand people and shared with friends of the {place}",
]
WHO = "baker sailor teacher farmer doctor plumber gardener widow fisherman neighbour".split()
THING = "carpet piano mirror staircase garden wardrobe suitcase letter cradle lantern".split()
PLACE = "lighthouse cellar school cinema bakery orchard ferry library hotel mill".split()

POSTS = [
    "Such a lovely morning with the dog by the {place}",
    "The first {thing} of the year and it tastes of smoke",
    "We have been to the {place} and back on one tank",
    "Look at that sky over the {place} and be happy",
    "Coffee with the best {who} in the world",
    "To all of you that came to the {place}, thank you",
    "My {thing} is done and the kitchen is a mess",
    "Running late with the {who} and the {thing} again",
]
TAGS = """sunrise mood coast family weekend handmade slowfood hiking autumn details vintage cosy
goals roadtrip smile bestof local market blessed happy nature light analog coffee friends
throwback simple calm travel homemade""".split()

STUBS = [
    "The page that you have asked for was moved to another address on {d}. Please go back to the "
    "start and try the search for {w}.",
    "Sign in to read the rest of this story about the {w} and the {v}.",
    "{w}: no comments have been left on this page. Be the first to write one, {u}.",
    "You have {n} items with the {w} in your basket. Continue to the checkout of order {m}.",
    "This video of the {w} is not to be seen in your country. Reference {m}.",
    "Thank you, {u}. Your message to the {w} desk has been sent and will be answered in {n} days.",
    "Picture {n} of {m}: the {v} with the {w}. To the next picture, and back to the list.",
    "We use cookies to remember the {w} that you have seen, and to count visits. Accept or choose. "
    "Version {n}.{m}.",
    "The {w} forum is closed for maintenance until {d}. We hope to be back with a faster {v} soon, "
    "and that your {u} account still works.",
]

PARTS = """configuration connection transaction authentication permission repository notification
subscription descriptor controller synchronisation interpreter serialisation initialisation
distribution validation replication registration generation compatibility environment
infrastructure observability dependency""".split()
TAILS = "Factory Provider Listener Registry Adapter Manager Resolver Handler Context".split()
LINKS = "the of to and with that in for the of and to".split()

GOODS = """bolt washer hinge bracket spring gasket cable switch bearing valve filter clamp
bushing rivet pulley sleeve nozzle flange coupling gauge""".split()
FAMILY = """Keller Holm Abara Costa Gill Vance Moreau Quist Tanaka Usman Varga Zeller Jansen
Okoro Fenwick Hallam Lowther Stokke Thorne Pereira""".split()

KEYWORDS = """cheap leather boots waterproof hiking winter sale discount outlet women men kids
shipping online shop store brand quality best price original sandals trainers size review deals
coupon luxury vintage designer comfort rubber running walking summer collection trend fashion
style gift ideas season offer clearance bargain wholesale supplier factory import export
bags belts gloves scarves wallets socks laces insoles polish suede canvas denim wool cotton
silk black brown navy white green red yellow grey beige classic modern sport outdoor travel
camping climbing fishing hunting cycling yoga fitness gym""".split()


def bullet_menu(rng: random.Random) -> str:
    count = rng.randint(16, 26)
    lines = []
    while len(lines) < count:
        a, b = rng.sample(SECTIONS, 2)
        line = rng.choice(MENU).format(a=a, b=b, p=rng.choice(PLACES))
        line = f"{line[:1].upper()}{line[1:]}"
        if line not in lines:
            lines.append(line)
    mark = rng.choice(["- ", "• "])
    head = ["Site map and quick links"] if count >= 20 and rng.random() < 0.5 else []
    return "\n".join(head + [mark + line for line in lines])


def fill(rng: random.Random, template: str) -> str:
    return template.format(
        who=rng.choice(WHO), thing=rng.choice(THING), place=rng.choice(PLACE), n=rng.randint(3, 90)
    )


def ellipsis_teaser(rng: random.Random) -> str:
    teasers = [fill(rng, line) for line in rng.sample(TEASERS, rng.randint(5, 7))]
    plain = [fill(rng, line) for line in rng.sample(PLAIN, rng.randint(3, 4))]
    dots = rng.choice(["...", "…", " ..."])
    lines = [line + dots for line in teasers] + [line + "." for line in plain]
    rng.shuffle(lines)
    return "\n".join(lines)


def symbol_soup(rng: random.Random) -> str:
    posts = [fill(rng, line) for line in rng.sample(POSTS, rng.randint(6, 8))]
    if rng.random() < 0.7:
        lines = [
            post + " " + " ".join(f"#{tag}" for tag in rng.sample(TAGS, rng.randint(4, 7)))
            for post in posts
        ]
        return "\n".join(lines)
    lines = []
    for post in posts:
        words = post.split()
        dotted = [w + ("..." if at % 3 == 1 else "") for at, w in enumerate(words[:-1])]
        lines.append(" ".join([*dotted, words[-1]]) + ".")
    return "\n".join(lines)


def short_stub(rng: random.Random) -> str:
    return rng.choice(STUBS).format(
        w=rng.choice(SECTIONS).removeprefix("the "),
        v=rng.choice(THING),
        u=rng.choice(FAMILY),
        n=rng.randint(2, 40),
        m=rng.randint(50, 9900),
        d=f"{rng.randint(1, 28)} {rng.choice(['March', 'May', 'August', 'October'])}",
    )


def long_words(rng: random.Random) -> str:
    lines = []
    for _ in range(rng.randint(9, 14)):
        words = []
        for _ in range(rng.randint(5, 7)):
            parts = [part.capitalize() for part in rng.sample(PARTS, 2)]
            words.append("".join(parts) + rng.choice(TAILS))
        words.insert(rng.randint(1, 3), rng.choice(LINKS))
        words.insert(rng.randint(4, 5), rng.choice(LINKS))
        lines.append(" ".join(words))
    return "Classes of the package, with links to the source\n" + "\n".join(lines)


def no_alpha(rng: random.Random) -> str:
    if rng.random() < 0.5:
        lines = ["Prices of the goods with tax, to be paid in advance and without discount"]
        for good in rng.sample(GOODS, rng.randint(14, 18)):
            price = rng.randint(40, 9900)
            lines.append(
                f"{good} M{rng.randint(3, 24)} {rng.randint(1000, 9999)} {price / 100:.2f} "
                f"{price * 0.9 / 100:.2f} {price * 0.8 / 100:.2f} {rng.randint(100, 5000)}"
            )
    else:
        lines = ["Numbers of the members and staff, to be kept with the papers of the club"]
        for name in rng.sample(FAMILY, rng.randint(15, 20)):
            lines.append(
                f"{name} 0{rng.randint(210, 999)} 55501{rng.randint(10, 99)} "
                f"{rng.randint(10, 18)}:00 {rng.randint(10000, 49999)}"
            )
    return "\n".join(lines)


def no_stop_words(rng: random.Random) -> str:
    lines = []
    for _ in range(rng.randint(8, 12)):
        words = rng.sample(KEYWORDS, rng.randint(9, 13))
        glue = rng.choice([" ", ", "])
        lines.append(glue.join(words))
    return "\n".join(lines)


# kind: (maker, rows in the web file, rows in the notes file)
PLANTS = {
    "bullet_menu": (bullet_menu, 12, 2),
    "ellipsis_teaser": (ellipsis_teaser, 9, 2),
    "symbol_soup": (symbol_soup, 12, 0),
    "short_stub": (short_stub, 14, 4),
    "long_words": (long_words, 10, 0),
    "no_alpha": (no_alpha, 12, 2),
    "no_stop_words": (no_stop_words, 10, 0),
}

# kind: the one limit that it breaks
BREAKS = {
    "bullet_menu": "bullets",
    "ellipsis_teaser": "ellipsis_lines",
    "symbol_soup": "symbols",
    "short_stub": "words",
    "long_words": "mean_length",
    "no_alpha": "letters",
    "no_stop_words": "stop_words",
}
