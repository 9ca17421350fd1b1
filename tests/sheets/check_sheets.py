"""A second reader of the ten sheets, in Python's standard library: applies each mapping.json and compares with the package made by hand.

Run: python3 check_sheets.py. With --cells it writes the cells of each workbook into cells.json, which the tests of
service/check/src/sheet compare with. It shares no code with make_sheets.py, and shows that sheet, mapping and package say the same. It is no
model of how the program should be written: it reads everything into memory and guesses nothing.
"""
import csv, datetime, hashlib, hmac, io, json, re, sys, unicodedata, zipfile
from pathlib import Path
from xml.etree import ElementTree

HERE = Path(__file__).parent
MONTHS, YEARS = {}, set()
for row in csv.DictReader((HERE / '../../service/check/lists/values.csv').open(encoding='utf-8')):
    if row['kind'] == 'month':
        MONTHS[row['name'].rstrip('.').lower()] = row['code']
    if row['kind'] == 'year_word':
        YEARS.add(row['name'].rstrip('.').lower())


def local(tag):
    return tag.rsplit('}', 1)[-1]


class Serial(float):
    """A number that the format of its cell shows as a date."""


def letters(column):
    return sum((ord(sign) - 64) * 26 ** place for place, sign in enumerate(reversed(column)))


def xlsx(path):
    """Sheets by name: (rows by number, hidden rows, 1904?). A cell is text, number, Serial, datetime.date or ('error', text)."""
    archive = zipfile.ZipFile(path)
    tree = lambda name: ElementTree.fromstring(archive.read(name))
    named = lambda node, name: [child for child in node.iter() if local(child.tag) == name]
    book = tree('xl/workbook.xml')
    is_1904 = any(pr.get('date1904') in ('1', 'true') for pr in named(book, 'workbookPr'))
    targets = {rel.get('Id'): rel.get('Target') for rel in tree('xl/_rels/workbook.xml.rels')}
    unescape = lambda text: re.sub('_x([0-9A-Fa-f]{4})_', lambda found: chr(int(found.group(1), 16)), text)
    shared = []
    if 'xl/sharedStrings.xml' in archive.namelist():
        for item in tree('xl/sharedStrings.xml'):
            spoken = {id(t) for run in named(item, 'rPh') for t in named(run, 't')}
            shared.append(unescape(''.join(t.text or '' for t in named(item, 't') if id(t) not in spoken)))
    dated = []
    if 'xl/styles.xml' in archive.namelist():
        styles = tree('xl/styles.xml')
        custom = {int(n.get('numFmtId')): n.get('formatCode') for n in named(styles, 'numFmt')}
        for xf in next(node for node in styles if local(node.tag) == 'cellXfs'):
            own = int(xf.get('numFmtId', 0))
            code = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', '', custom.get(own, ''))
            dated.append(14 <= own <= 22 or bool(re.search('[dmyhs]', code.lower())))
    sheets = {}
    for sheet in named(book, 'sheet'):
        target = next(targets[value] for key, value in sheet.attrib.items() if local(key) == 'id' for value in [value])
        part = target.lstrip('/') if target.startswith('/') else 'xl/' + target
        rows, hidden, root, number = {}, set(), tree(part), 0
        for row in named(root, 'row'):
            number = int(row.get('r', number + 1))
            if row.get('hidden') in ('1', 'true'):
                hidden.add(number)
            cells, column = rows.setdefault(number, {}), 0
            for cell in row:
                place = re.match('[A-Z]+', cell.get('r', ''))
                column = letters(place.group()) if place else column + 1
                value = next((v.text for v in cell if local(v.tag) == 'v'), None)
                kind = cell.get('t', 'n')
                if kind == 'inlineStr':
                    value = unescape(''.join(t.text or '' for t in named(cell, 't')))
                elif value is None:
                    continue
                elif kind == 's':
                    value = shared[int(value)]
                elif kind == 'e':
                    value = ('error', value)
                elif kind == 'n':
                    is_date = dated and dated[int(cell.get('s', 0))]
                    value = Serial(value) if is_date else float(value)
                if value not in ('', None):
                    cells[column] = value
        for merged in named(root, 'mergeCell'):
            first, last = (re.match('([A-Z]+)([0-9]+)', part).groups() for part in merged.get('ref').split(':'))
            for below in range(int(first[1]), int(last[1]) + 1):
                for beside in range(letters(first[0]), letters(last[0]) + 1):
                    if below == int(first[1]) or beside == letters(first[0]):
                        value = rows.get(int(first[1]), {}).get(letters(first[0]))
                        if value is not None and (below, beside) != (int(first[1]), letters(first[0])):
                            rows.setdefault(below, {}).setdefault(beside, value)
        sheets[sheet.get('name')] = (rows, hidden, is_1904)
    return sheets


def ods(path):
    root = ElementTree.fromstring(zipfile.ZipFile(path).read('content.xml'))
    at = lambda node, name: next((value for key, value in node.attrib.items() if local(key) == name), None)

    def text(node):
        told = node.text or ''
        for child in node:
            told += ' ' * int(at(child, 'c') or 1) if local(child.tag) == 's' else text(child)
            told += child.tail or ''
        return told
    sheets = {}
    for table in (node for node in root.iter() if local(node.tag) == 'table'):
        rows, hidden, number, below = {}, set(), 0, {}
        for row in (node for node in table.iter() if local(node.tag) == 'table-row'):
            times = int(at(row, 'number-rows-repeated') or 1)
            cells, column = {}, 0
            for cell in row:
                repeat = int(at(cell, 'number-columns-repeated') or 1)
                kind, value = at(cell, 'value-type'), None
                if kind == 'date':
                    value = datetime.date.fromisoformat(at(cell, 'date-value')[:10])
                elif kind == 'float':
                    value = float(at(cell, 'value'))
                elif kind:
                    value = '\n'.join(text(p) for p in cell if local(p.tag) == 'p')
                if local(cell.tag) == 'covered-table-cell':
                    value = below.get(column + 1)
                elif int(at(cell, 'number-rows-spanned') or 1) > 1:
                    below[column + 1] = value
                for _ in range(repeat if value is not None else 0):
                    column += 1
                    cells[column] = value
                column += 0 if value is not None else repeat
            if cells:
                for _ in range(times):
                    number += 1
                    rows[number] = cells
                    if at(row, 'visibility') in ('collapse', 'filter'):
                        hidden.add(number)
            else:
                number += times
        sheets[at(table, 'name')] = (rows, hidden, False)
    return sheets


def plain(value):
    """A cell as the text that a value of the mapping is compared with."""
    if isinstance(value, float):
        return str(int(value)) if value == int(value) else repr(value)
    return ' '.join(str(value).split()) if isinstance(value, str) else str(value)


def date(value, how, is_1904):
    days = how.get('dates')
    first = datetime.date(1904, 1, 1) if is_1904 else datetime.date(1899, 12, 30)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Serial) or (isinstance(value, float) and how.get('serials')):
        assert value == int(value)
        return (first + datetime.timedelta(days=int(value))).isoformat()
    text = plain(value)
    if re.fullmatch(r'\d{4}(-\d\d(-\d\d)?)?', text):
        return text
    if found := re.fullmatch(r'(\d{4}-\d\d-\d\d)T00:00:00', text):
        return found.group(1)
    if found := re.fullmatch(r'(\d\d?)[./-](\d\d?)[./-](\d{4})', text):
        one, other, year = map(int, found.groups())
        if one > 12 or one == other:
            return f'{year}-{other:02}-{one:02}'
        if other > 12:
            return f'{year}-{one:02}-{other:02}'
        if days is None:
            raise Refused('date_ambiguous')
        day, month = (one, other) if days == 'day-first' else (other, one)
        return f'{year}-{month:02}-{day:02}'
    if found := re.fullmatch(r'(\d\d?)[./](\d{4})', text):
        return f'{found.group(2)}-{int(found.group(1)):02}'
    words = [word for word in re.split(r'[\s,]+', text.lower()) if word.rstrip('.') not in YEARS]
    month = [MONTHS[word.rstrip('.')] for word in words if word.rstrip('.') in MONTHS]
    numbers = [int(word) for word in words if word.isdigit()]
    if len(words) == len(month) + len(numbers) and len(month) <= 1 and numbers:
        year = [number for number in numbers if number > 1000]
        day = [number for number in numbers if number <= 31]
        if len(year) == 1 and len(day) + 1 == len(numbers):
            return f'{year[0]:04}' + (f'-{month[0]}' if month else '') + (f'-{day[0]:02}' if day else '')
    raise Refused('date_format')


class Refused(Exception):
    pass


def fold(name):
    return ' '.join(unicodedata.normalize('NFC', name).split()).lower().replace('ё', 'е')


TEXTS = {'charges': {'sentence', 'region', 'source'}, 'counts': {'note', 'area'}}
DATES = {'date_charged', 'date_outcome', 'published', 'in_force_from', 'year'}


def converted(case):
    mapping = json.loads((case / 'mapping.json').read_text(encoding='utf-8'))
    facts = json.loads((case / 'facts.json').read_text(encoding='utf-8'))
    key = bytes.fromhex((case / 'key.txt').read_text().splitlines()[1]) if (case / 'key.txt').exists() else None
    if key:
        assert hmac.new(key, b'chargesheet-key-check', hashlib.sha256).hexdigest()[:8] == mapping['key']
    path = case / facts['file']
    made, told = {}, []
    for entry in mapping['tables']:
        if path.suffix == '.csv':
            text = path.read_text(encoding=entry.get('encoding', 'utf-8'))
            lines = list(csv.reader(io.StringIO(text), delimiter=entry.get('delimiter', ',')))
            rows = {number: {place: cell for place, cell in enumerate(cells, 1) if cell.strip()} for number, cells in enumerate(lines, 1)}
            hidden, is_1904 = set(), False
        else:
            rows, hidden, is_1904 = (ods if path.suffix == '.ods' else xlsx)(path)[entry['sheet']]
        begin, end = entry.get('header', [1, 1])
        heads = {}
        for column in {column for row in range(begin, end + 1) for column in rows.get(row, {})}:
            parts = [plain(rows[row][column]) for row in range(begin, end + 1) if column in rows.get(row, {})]
            heads[' / '.join(dict.fromkeys(parts))] = column
        known = {name for how in entry['columns'].values() for name in (lambda f: f if isinstance(f, list) else [f])(how.get('from', '#row'))} | set(entry.get('left_out', [])) | {'#row'}
        assert set(heads) <= known, (case.name, 'no decision on', set(heads) - known)
        # No text leaves; a region and a source only as a code, and in these sheets none is one.
        leaving = {target: how for target, how in entry['columns'].items() if target not in TEXTS[entry['table']]}
        out = [list(leaving)]
        secret = [how['from'] for how in entry['columns'].values() if how.get('pseudonym')]
        names = {fold(rows[row][heads[column]]) for column in secret for row in rows if row > end and isinstance(rows[row].get(heads[column]), str)}
        for number in sorted(row for row in rows if row > end):
            cells = rows[number]
            if not cells or (number in hidden and entry.get('hidden_rows') == 'leave-out'):
                continue
            assert number not in hidden or 'hidden_rows' in entry
            try:
                first = cells[min(cells)]
                if isinstance(first, str) and first.lower() in ('итого', 'total', 'барлығы'):
                    raise Refused('total_row')
                record = []
                for target, how in leaving.items():
                    if 'always' in how:
                        record.append(how['always'])
                        continue
                    if how['from'] == '#row':
                        record.append(str(number))
                        continue
                    many = how['from'] if isinstance(how['from'], list) else [how['from']]
                    values = [cells.get(heads[name], '') for name in many]
                    if any(isinstance(value, tuple) for value in values):
                        raise Refused('sheet_error_value')
                    while len(values) > 1 and values[-1] == '':
                        values.pop()  # empty parts at the end are no part of the value
                    value = ' | '.join(map(plain, values)) if len(values) > 1 else values[0]
                    chosen = how.get('values', {})
                    if plain(value) in chosen:
                        record.append(chosen[plain(value)])
                    elif value == '':
                        record.append('')
                    elif target == 'statute':
                        record.append(plain(value).upper())  # an id in small letters is the id
                    elif how.get('pseudonym'):
                        record.append('D-' + hmac.new(key, ('chargesheet/defendant_id/1\n' + fold(value)).encode(), hashlib.sha256).hexdigest()[:20])
                    elif target in DATES:
                        record.append(date(value, how, is_1904))
                    elif target in ('value', 'sentence_months') and isinstance(value, str):
                        record.append(re.sub('[ \u00a0\u202f]', '', value))
                    else:
                        record.append(value if isinstance(value, str) else plain(value))
                assert not any(name in fold(cell) for name in names for cell in record)
                if entry['table'] == 'counts' and not record[0]:
                    raise Refused('missing_value')
                out.append(record)
            except Refused as refused:
                told.append([number, str(refused)])
        made[entry['table']] = out
    assert told == facts['refused'], (case.name, told)
    return made


def as_dicts(lines):
    head, *rows = lines
    kept = [place for place, name in enumerate(head)]
    return sorted(json.dumps({head[place]: row[place] for place in kept}, ensure_ascii=False, sort_keys=True) for row in rows)


def shown(cell):
    """A cell as cells.json has it."""
    if isinstance(cell, Serial):
        return f'day {plain(float(cell))}'
    if isinstance(cell, tuple):
        return f'error {cell[1]}'
    return cell if isinstance(cell, str) else plain(cell)


def write_cells():
    for case in sorted(HERE.glob('[01][0-9]-*')):
        path = case / json.loads((case / 'facts.json').read_text(encoding='utf-8'))['file']
        if path.suffix == '.csv':
            continue
        out = {}
        for name, (rows, hidden, is_1904) in (ods if path.suffix == '.ods' else xlsx)(path).items():
            out[name] = [[number, number in hidden, {str(column): shown(cell) for column, cell in sorted(rows[number].items())}] for number in sorted(rows) if rows[number]]
        (case / 'cells.json').write_text(json.dumps(out, ensure_ascii=False, indent=0) + '\n', encoding='utf-8')


if '--cells' in sys.argv:
    write_cells()
wrong = 0
for case in sorted(HERE.glob('[01][0-9]-*')):
    made = converted(case)
    facts = json.loads((case / 'facts.json').read_text(encoding='utf-8'))
    for name, lines in made.items():
        expected = list(csv.reader((case / f'expected/{name}.csv').open(encoding='utf-8', newline='')))
        if name == 'counts':  # empty words have a default in a release
            for all_ in (lines, expected):
                for row in all_[1:]:
                    for head, default in (('status', 'A'), ('preferred', 'false')):
                        row[all_[0].index(head)] = row[all_[0].index(head)] or default
        if sorted(lines[0]) != sorted(expected[0]) or as_dicts(lines) != as_dicts(expected):
            wrong += 1
            print(case.name, name, 'DIFFERS')
            for one, other in zip(as_dicts(lines), as_dicts(expected)):
                if one != other:
                    print('  sheet  ', one, '\n  package', other)
            if len(lines) != len(expected):
                print('  rows', len(lines), len(expected))
    for name in facts['also']:
        assert (case / name).read_bytes() == (case / 'expected' / name).read_bytes(), 'a ready file is copied'
    text = ''.join(path.read_text(encoding='utf-8') for path in [*(case / 'expected').iterdir(), case / 'mapping.json'])
    for mark in facts.get('marks', []):
        if mark in text:
            wrong += 1
            print(case.name, 'has the mark', mark)
    print(case.name, {name: len(lines) - 1 for name, lines in made.items()}, 'refused', facts['refused'])
print('all is well' if not wrong else f'{wrong} wrong')
sys.exit(bool(wrong))
