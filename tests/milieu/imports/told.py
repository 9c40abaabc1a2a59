"""The sentences that the import says of the twins in fixtures/broken."""

# What is told of each twin in fixtures/broken: all of it, and nothing else.
TOLD = {
    "address": [
        "relatives.csv row 2, email: 'ida at nutshell' is not a mail address; write it as name@example.org",
    ],
    "apart-with-strength": [
        "ties.csv row 3, strength: two who must not meet have no strength; leave it empty, or write no under apart",
    ],
    "birth-after-arrival": [
        "residents.csv row 3, born_on: nobody born on 2024-07-14 arrives on 2023-11-20",
    ],
    "blank-column-name": [
        "roster.csv row 1: column B has no name",
    ],
    "calendar": [
        "consents.csv row 2, valid_from: there is no day '2024-02-30' in the calendar",
    ],
    "closed-to-nobody": [
        "activity_members.csv row 2, activity: 'walk' is for everybody; write yes under closed in "
        "activities.csv, or leave this row out",
    ],
    "comma-in-cell": [
        "living_groups.csv row 2: 'by the river' stands to the right of the last column; a cell with a "
        'comma needs quotation marks (")',
    ],
    "consent-without-kinship": [
        "consents.csv row 2, resident: kinships.csv does not say what 'r2' is to 'ida'",
    ],
    "dangling-activity": [
        "wishes.csv row 3, activity: there is no activity 'quire'; activities.csv has choir, walk, visit",
    ],
    "dangling-living-group": [
        "residents.csv row 4, living_group: there is no living group 'sout'; did you mean 'south'?",
    ],
    "dangling-resident": [
        "refusals.csv row 2, resident: there is no resident 'zz9'; residents.csv has r1, r2, r3",
    ],
    "date-order": [
        "residents.csv row 3, arrived_on: '20.11.2023' is not a date; write dates as 2026-11-30",
    ],
    "days": [
        "roster.csv row 2, days: 'Wen' is not a day; the days are Mon, Tue, Wed, Thu, Fri, Sat, Sun",
        "roster.csv row 3, days: 'Fri-Mon' is not a stretch of days; write Mon-Fri, or single days as Sat;Sun;Mon",
    ],
    "days-and-date": [
        "busy.csv row 2, date: give days of the week or one date, not both",
    ],
    "domain": [
        "activities.csv row 2, domains: there is no domain 'socal'; did you mean 'social'?",
    ],
    "duplicate-key": [
        "residents.csv row 4, key: 'r1' is already the key of row 2",
        "activity_members.csv row 2, resident: there is no resident 'r3'; residents.csv has r1, r2",
        "wishes.csv row 4, resident: there is no resident 'r3'; residents.csv has r1, r2",
        "ties.csv row 3, resident: there is no resident 'r3'; residents.csv has r1, r2",
    ],
    "empty-cell": [
        "activities.csv row 3, name: is empty",
    ],
    "empty-file": [
        "wishes.csv: is empty; its first row names the columns",
    ],
    "end-before-start": [
        "activity_hours.csv row 2, to: 10:00 is not after from, 11:45",
    ],
    "escorts-without-default": [
        "community.csv row 2, escorts: is empty; say how many there are outside the times of escorts.csv",
    ],
    "grid": [
        "busy.csv row 4, from: 09:35 is not a multiple of the community's 15 minutes",
    ],
    "invisible": [
        "residents.csv row 2, family_name: 'Qu<U+202E>ist' holds a sign that cannot be seen (U+202E, "
        "right-to-left override); type it anew",
    ],
    "latin-1": [
        "residents.csv row 4: 'Ångström' or 'Ĺngström'? The file is not in UTF-8 and may mean either; save it as "
        "'CSV UTF-8'",
    ],
    "long-cell": [
        "residents.csv row 2, given_name: 'AdaAdaAdaAdaAdaAdaAdaAdaAdaAdaAdaAdaAdaA…' is 150 signs long; "
        "at most 120 fit here",
    ],
    "many-faults": [
        "residents.csv row 2, wheelchair: 'maybe' is none of: no, yes",
        "residents.csv row 2, morning: 3 is not between -2 and 2",
        "residents.csv row 3, key: is empty",
        "residents.csv row 4, arrived_on: 'yesterday' is not a date; write dates as 2026-11-30",
        "wishes.csv row 3, resident: there is no resident 'r2'; residents.csv has r1, r3",
        "refusals.csv row 2, resident: there is no resident 'r2'; residents.csv has r1, r3",
        "ties.csv rows 2-3, other: there is no resident 'r2'; residents.csv has r1, r3",
    ],
    "member-of-open": [
        "activity_members.csv row 2, activity: 'choir' is for everybody; write yes under closed in "
        "activities.csv, or leave this row out",
    ],
    "min-above-max": [
        "activities.csv row 2, sessions_max: 2 is below sessions_min, 3",
        "activities.csv row 2, group_max: 8 is below group_min, 9",
    ],
    "missing-column": [
        "spaces.csv row 1, seats: this column is missing: how many residents fit, wheelchairs included",
    ],
    "missing-link": [
        "consents.csv row 2, relative: there is no relative 'eda'; did you mean 'ida'?",
        "consents.csv row 2, resident: kinships.csv does not say what 'r1' is to 'eda'",
    ],
    "move-twice": [
        "moves.csv row 3: says the same as row 2",
    ],
    "needs-other-file": [
        "familiar_faces.csv row 3, resident: there is no resident 'r8'; residents.csv has r1, r2, r3",
    ],
    "no-and-nothing": [
        "refusals.csv row 2, space: fill exactly one of activity, space, facilitator; activity and space are filled",
        "refusals.csv row 3, activity: fill exactly one of activity, space, facilitator; none of them is filled",
    ],
    "no-rows": [
        "spaces.csv: has no rows; it holds rooms, gardens, the van; for visits at the bedside one space for each unit",
        "space_hours.csv row 2, space: there is no space 'garden'",
        "space_relations.csv row 2, space: there is no space 'lounge'",
        "space_relations.csv row 2, other: there is no space 'garden'",
    ],
    "not-a-key": [
        "facilitators.csv row 2, key: 'f;nn' cannot be a key: use letters, digits, spaces and the signs . _ - /",
        "roster.csv row 2, facilitator: there is no facilitator 'finn'; did you mean 'f;nn'?",
    ],
    "nul": [
        "residents.csv row 2, given_name: 'A<U+0000>da' holds a sign that cannot be seen (U+0000, a "
        "control sign); type it anew",
    ],
    "number": [
        "spaces.csv row 2, seats: 'twelve' is not a whole number",
    ],
    "open-quote": [
        'activities.csv row 3: a quotation mark (") is opened here and never closed',
    ],
    "other-digits": [
        "spaces.csv row 2, seats: '١٢' must be written in the digits 0 to 9",
    ],
    "publishing-at-night": [
        "community.csv row 2, publishing_time: '02:30' is in the night; publish between 04:00 and 23:59",
    ],
    "repeated-column": [
        "wishes.csv row 1, strength: this column stands there twice",
    ],
    "repeated-fact": [
        "wishes.csv row 3: says the same as row 2",
    ],
    "same-tie-twice": [
        "ties.csv row 3: says the same as row 2",
    ],
    "second-community": [
        "community.csv row 3: is one row too many; this file has at most 1",
    ],
    "self-tie": [
        "ties.csv row 2, other: 'r1' cannot be tied to themselves",
    ],
    "spreadsheet": [
        "residents.csv: is a spreadsheet under the name of a table; save it as 'CSV UTF-8'",
    ],
    "stays-overlap": [
        "stays.csv row 2, left_on: 2024-06-30 reaches into the stay that begins on 2024-05-02",
    ],
    "time": [
        "activity_hours.csv row 2, from: '10.5' is not a time; write times as 09:30",
    ],
    "time-of-day": [
        "activity_hours.csv row 2, to: '24:15' is not a time of day; times go from 00:00 to 24:00",
    ],
    "timezone": [
        "community.csv row 2, timezone: there is no time zone 'Europe/Londres'; did you mean 'Europe/London'?",
    ],
    "two-people": [
        "busy.csv row 2, living_group: fill exactly one of resident, living_group; resident and "
        "living_group are filled",
    ],
    "unknown-column": [
        "residents.csv row 1: there is no column 'wheelchiar'; did you mean 'wheelchair'?",
    ],
    "unknown-word": [
        "facilitators.csv row 3, kind: 'volounteer' is none of: staff, volunteer; did you mean 'volunteer'?",
    ],
    "unknown-zone": [
        "travel.csv row 2, to: no living group and no space lies in zone 'south wnig'; did you mean 'south wing'?",
    ],
    "wheelchairs": [
        "spaces.csv row 2, wheelchair_places: 14 wheelchairs do not fit on 12 seats",
    ],
    "wrong-name": [
        "resident.csv: is none of the tables of a community; did you mean 'residents.csv'?",
    ],
    "yes-no": [
        "residents.csv row 2, wheelchair: 'y' is none of: no, yes",
    ],
}
