"""Makes the ten messy sheets, the packages that they must become, and the files that must be refused. All of it is made up.

Run: python3 make_sheets.py [--full]       (openpyxl 3.1, msoffcrypto-tool 6; the ODS is written by hand, odfpy reads it)
The sheet and the package are written side by side, row for row, by hand: nothing here converts one into the other.
The same run gives the same bytes. `--full` also writes refused/full.xlsx, a sheet filled to row 1,048,576 (some 7 MB, not committed).
"""
import datetime, hashlib, hmac, io, json, re, shutil, sys, unicodedata, zipfile
from pathlib import Path

import msoffcrypto
import openpyxl
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Border, PatternFill, Side
from openpyxl.utils.datetime import CALENDAR_MAC_1904

HERE = Path(__file__).parent
MOMENT = datetime.datetime(2026, 1, 2)
STAMP = (2026, 1, 2, 0, 0, 0)
KEY = bytes(range(32))  # a key for tests, written on purpose; never one that anybody uses
Day = datetime.date

STATUTES_HEAD = 'statute,parent,country,law,article,part,title_en,title_ru,title_kk,offence,in_force_from,in_force_to,successor,url'
STATUTE = {
    'KAZ-EX-174': 'KAZ-EX-174,,KAZ,Example Code,174,,Made-up incitement,Вымышленное возбуждение розни,Ойдан шығарылған араздық,incitement-to-hatred,,,,',
    'KAZ-EX-274': 'KAZ-EX-274,,KAZ,Example Code,274,,Made-up false information,Вымышленная ложная информация,Ойдан шығарылған жалған ақпарат,false-information,2015-01-01,,,https://example.org/law',
    'KAZ-EX-274.4': 'KAZ-EX-274.4,KAZ-EX-274,KAZ,Example Code,274,4,"Made-up false information, part 4","Вымышленная ложная информация, часть 4","Ойдан шығарылған жалған ақпарат, 4-бөлік",false-information,2015-01-01,,,',
    'TUR-EX-299': 'TUR-EX-299,,TUR,Example Code,299,,Made-up insult,,,insult-head-of-state,,,,',
    'TUR-EX-301': 'TUR-EX-301,,TUR,Example Code,301,,Made-up denigration,,,insult-state-or-nation,,,,',
}
# A list of statutes on a further sheet of a workbook. Nothing is made of it.
STATUTES_ON_SHEETS = ['statute', 'parent', 'country', 'law', 'article', 'part', 'title_en', 'title_ru', 'title_kk', 'offence', 'in_force_from', 'url']
CHARGES = 'case_id,defendant_id,country,statute,date_charged,outcome'


def fold(name):
    """How a name is written before it is hashed: NFC, one space between words, small letters, е for ё."""
    return ' '.join(unicodedata.normalize('NFC', name).split()).lower().replace('ё', 'е')


def pseudonym(name):
    digest = hmac.new(KEY, ('chargesheet/defendant_id/1\n' + fold(name)).encode(), hashlib.sha256).hexdigest()
    return 'D-' + digest[:20]


def fingerprint():
    return hmac.new(KEY, b'chargesheet-key-check', hashlib.sha256).hexdigest()[:8]


# ---------------------------------------------------------------------------------------------------- writing

def rezip(path, change=lambda name, data: data, add=()):
    """Writes a ZIP again with fixed dates, in the same order, so that the same run gives the same bytes."""
    with zipfile.ZipFile(path) as old:
        parts = [(item.filename, old.read(item)) for item in old.infolist()]
    parts += list(add)
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as new:
        for name, data in parts:
            if name == 'docProps/core.xml':
                data = re.sub(rb'(<dcterms:modified[^>]*>)[^<]*', rb'\g<1>2026-01-02T00:00:00Z', data)
            if name == 'meta.xml':
                data = re.sub(rb'(<(?:meta:creation-date|dc:date)>)[^<]*', rb'\g<1>2026-01-02T00:00:00', data)
            data = change(name, data)
            item = zipfile.ZipInfo(name, STAMP)
            item.compress_type = zipfile.ZIP_STORED if name == 'mimetype' else zipfile.ZIP_DEFLATED
            new.writestr(item, data)
    Path(path).write_bytes(out.getvalue())


def share(path, extra=b''):
    """Moves texts out of the cells into xl/sharedStrings.xml, as Excel keeps them; openpyxl writes them into the cells."""
    items = []

    def move(name, data):
        if re.fullmatch(r'xl/worksheets/sheet[0-9]+\.xml', name):
            def one(found):
                attributes, inside = found.group(1), found.group(2)
                if inside not in items:
                    items.append(inside)
                return b'<c' + attributes.replace(b't="inlineStr"', b't="s"') + b'><v>' + str(items.index(inside)).encode() + b'</v></c>'
            data = re.sub(rb'<c([^>]*t="inlineStr"[^>]*)><is>(.*?)</is></c>', one, data, flags=re.S)
        if name == '[Content_Types].xml':
            data = data.replace(b'</Types>', b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml" /></Types>')
        if name == 'xl/_rels/workbook.xml.rels':
            data = data.replace(b'</Relationships>', b'<Relationship Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml" Id="rId98" /></Relationships>')
        return data
    rezip(path, move)
    # How a text is spoken (`rPh`) is no part of it; Excel for Japanese writes such runs.
    body = b''.join(b'<si>' + item + (extra if place == 0 else b'') + b'</si>' for place, item in enumerate(items))
    text = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" uniqueCount="' + str(len(items)).encode() + b'">' + body + b'</sst>'
    rezip(path, add=[('xl/sharedStrings.xml', text)])


def workbook():
    book = openpyxl.Workbook()
    book.properties.creator = book.properties.lastModifiedBy = 'made up'
    book.properties.created = book.properties.modified = MOMENT
    return book


def put(sheet, row, cells, start=1):
    for place, cell in enumerate(cells):
        if cell is not None:
            target = sheet.cell(row=row, column=start + place, value=cell)
            if isinstance(cell, (datetime.date, datetime.datetime)):
                target.number_format = 'dd.mm.yyyy'


def cached(values):
    """Puts the values that a spreadsheet program would have saved beside the formulas; openpyxl leaves them out."""
    def change(name, data):
        for sheet, cells in values.items():
            if name == sheet:
                for cell, value in cells.items():
                    kind = b' t="str"' if isinstance(value, str) else b''
                    pattern = rb'<c r="' + cell.encode() + rb'"([^>]*?)><f>(.*?)</f><v\s*/?>(?:</v>)?</c>'
                    attributes = re.search(pattern, data)
                    assert attributes, (name, cell)
                    own = re.sub(rb' t="[^"]*"', b'', attributes.group(1))
                    new = b'<c r="' + cell.encode() + b'"' + own + kind + b'><f>' + attributes.group(2) + b'</f><v>' + str(value).encode() + b'</v></c>'
                    data = data.replace(attributes.group(0), new)
        return data
    return change


def package(name, title, kind='case-level', measures=('persons', 'cases', 'charges'), time_basis='charge', additive=('country', 'statute', 'outcome', 'year'), caveats=('These cases are made up.',)):
    return {
        'name': name,
        'title': title,
        'description': 'Made up for tests: nobody was ever charged like this.',
        'version': '1.0.0',
        'created': '2026-01-02T00:00:00Z',
        'licenses': [{'name': 'CC0-1.0', 'title': 'CC0 1.0', 'path': 'https://creativecommons.org/publicdomain/zero/1.0/'}],
        'sources': [{'title': 'A made-up source', 'path': 'https://example.org/cases'}],
        'chargesheet': {
            'kind': kind, 'measures': list(measures), 'time_basis': time_basis, 'additive': list(additive),
            'disclosure': 'none', 'caveats': {'en': list(caveats)},
        },
    }


def line(cells):
    """A line of CSV; a cell with a comma, a quote or a line end stands in quotes."""
    def one(cell):
        cell = str(cell)
        return '"' + cell.replace('"', '""') + '"' if re.search('[,"\n\r\t]', cell) else cell
    return ','.join(map(one, cells)) + '\n'


def write_case(folder, about, mapping, tables, facts):
    """Writes mapping.json, the package and the facts of a case. `tables` are names and whole CSV texts."""
    folder = HERE / folder
    (folder / 'expected').mkdir(parents=True, exist_ok=True)
    form = {'mapping': 1, **mapping, 'package': about}
    if any('"pseudonym": true' in json.dumps(table) for table in mapping['tables']):
        form['key'] = fingerprint()
        (folder / 'key.txt').write_text('chargesheet-key 1\n' + KEY.hex() + '\nThis is a secret key of Chargesheet. Whoever has it can find out who is in the data. Never publish it.\n')
    # Only charges and counts are made of sheets. All other tables are given ready, beside the sheet.
    ready = [name for name in ('statutes', 'sources') if name in tables]
    for name in ready:
        (folder / f'{name}.csv').write_text(tables[name], encoding='utf-8')
    facts = {'file': facts.pop('file'), 'also': [f'{name}.csv' for name in ready], **facts}
    (folder / 'mapping.json').write_text(json.dumps(form, ensure_ascii=False, indent=2) + '\n', encoding='utf-8')
    descriptor = dict(about)
    block = descriptor.pop('chargesheet')
    descriptor['resources'] = [{'name': name, 'path': name + '.csv'} for name in tables]
    descriptor['chargesheet'] = block
    (folder / 'expected/datapackage.json').write_text(json.dumps(descriptor, ensure_ascii=False, indent=2) + '\n', encoding='utf-8')
    for name, text in tables.items():
        (folder / f'expected/{name}.csv').write_text(text, encoding='utf-8')
    import csv
    facts['in_package'] = {name: len(list(csv.reader(io.StringIO(text)))) - 1 for name, text in tables.items()}
    (folder / 'facts.json').write_text(json.dumps(facts, ensure_ascii=False, indent=2) + '\n', encoding='utf-8')


def statutes(*ids):
    return STATUTES_HEAD + '\n' + ''.join(STATUTE[id] + '\n' for id in ids)


def statutes_sheet(book, title, *ids):
    """A sheet with the statutes, under the format's own names, and only the columns that a row needs."""
    import csv
    sheet = book.create_sheet(title)
    put(sheet, 1, STATUTES_ON_SHEETS)
    for number, id in enumerate(ids, 2):
        row = next(csv.DictReader([STATUTES_HEAD, STATUTE[id]]))
        put(sheet, number, [row[name] or None for name in STATUTES_ON_SHEETS])
    return sheet




# ---------------------------------------------------------------------------------------------------- 01

def case_01():
    """Russian; title rows; names to pseudonyms; dates as text, some of which are ambiguous; empty columns and rows at the end."""
    # №, name, case, country, article, charged, outcome, decided, punishment, city | what becomes of it (without the pseudonym)
    rows = [
        ((1, 'Person A01', '1-14/22', 'Казахстан', 'ст. 274', '03.03.2022', 'осуждён', '15.06.2022', 'ограничение свободы на 1 год', 'Алматы'), ('1-14/22', 'KAZ', 'KAZ-EX-274', '2022-03-03', 'convicted', '2022-06-15', 'ограничение свободы на 1 год', 'Алматы')),
        ((2, 'Person A02', '1-14/22', 'Казахстан', 'ст. 274', '03.03.2022', 'оправдана', '15.06.2022', None, 'Алматы'), ('1-14/22', 'KAZ', 'KAZ-EX-274', '2022-03-03', 'acquitted', '2022-06-15', '', 'Алматы')),
        ((3, 'Person A03', '1-77/21', 'РК', 'ст. 274 ч. 4', '05.04.2021', 'условно', '25.12.2021', '2 года условно', 'Астана'), ('1-77/21', 'KAZ', 'KAZ-EX-274.4', '2021-04-05', 'suspended-sentence', '2021-12-25', '2 года условно', 'Астана')),
        ((4, 'Person A04', '2-3/20', 'KZ', '174', '11.12.2020', 'лишение свободы', '30.03.2021', '5 лет', 'Шымкент'), ('2-3/20', 'KAZ', 'KAZ-EX-174', '2020-12-11', 'sentenced-prison', '2021-03-30', '5 лет', 'Шымкент')),
        ((5, 'person  a03 ', '2-9/22', 'KAZ', 'ст. 174', '07.08.2022', 'идёт следствие', None, None, 'Астана'), ('2-9/22', 'KAZ', 'KAZ-EX-174', '2022-08-07', 'pending', '', '', 'Астана')),
        ((6, 'Person A06', '1-5/19', 'Казахстан', 'ст. 274', '21.05.2019', 'штраф', '02.09.2019', '100 МРП', 'Уральск'), ('1-5/19', 'KAZ', 'KAZ-EX-274', '2019-05-21', 'fined', '2019-09-02', '100 МРП', 'Уральск')),
        ((7, 'Person A07', '1-6/19', 'Казахстан', 'ст. 274', '10.10.2019', 'прекращено', '01.11.2019', None, None), ('1-6/19', 'KAZ', 'KAZ-EX-274', '2019-10-10', 'dismissed', '2019-11-01', '', '')),
        ((8, 'Person A08', '1-8/20', 'Казахстан', 'ст. 274 ч. 4', '16.04.2020', 'осужден', '20.07.2020', 'штраф, 200 МРП', 'Алматы'), ('1-8/20', 'KAZ', 'KAZ-EX-274.4', '2020-04-16', 'convicted', '2020-07-20', 'штраф, 200 МРП', 'Алматы')),
        ((9, 'Person A09', '1-9/20', 'Казахстан', 'ст. 174', '2020', 'прекращено за отсутствием состава', '2020', None, 'Актобе'), ('1-9/20', 'KAZ', 'KAZ-EX-174', '2020', 'discontinued-rehabilitating', '2020', '', 'Актобе')),
        ((10, 'Person A10', '1-10/20', 'Казахстан', 'ст. 174', '06.2020', 'по амнистии', '12.2020', None, 'Актобе'), ('1-10/20', 'KAZ', 'KAZ-EX-174', '2020-06', 'discontinued-non-rehabilitating', '2020-12', '', 'Актобе')),
        ((11, 'Person A11', '1-11/23', 'Казахстан', 'ст. 274', '09.01.2023', 'в суде', None, None, 'Алматы'), ('1-11/23', 'KAZ', 'KAZ-EX-274', '2023-01-09', 'pending', '', '', 'Алматы')),
        ((12, 'Person A12', '1-12/23', 'Казахстан', 'ст. 274', '31.01.2023', 'передано в суд', None, None, 'Алматы'), ('1-12/23', 'KAZ', 'KAZ-EX-274', '2023-01-31', 'prosecuted', '', '', 'Алматы')),
    ]
    for number in range(13, 21):
        rows.append(((number, f'Person A{number}', f'1-{number}/24', 'Казахстан', 'ст. 274', f'{number + 3}.02.2024', 'осуждена', f'{number + 5}.07.2024', 'штраф', 'Алматы'),
                     (f'1-{number}/24', 'KAZ', 'KAZ-EX-274', f'2024-02-{number + 3}', 'convicted', f'2024-07-{number + 5}', 'штраф', 'Алматы')))
    # A name in a column of texts, which is left out.
    rows.append(((21, 'Person A21', '1-21/24', 'Казахстан', 'ст. 274', '20.02.2024', 'осуждена', '20.08.2024', 'штраф; Person A21 обжаловала', 'Алматы'), ('1-21/24', 'KAZ', 'KAZ-EX-274', '2024-02-20', 'convicted', '2024-08-20', '', 'Алматы')))
    folder = HERE / '01-russian-list'
    folder.mkdir(parents=True, exist_ok=True)
    book = workbook()
    sheet = book.active
    sheet.title = 'Дела'
    put(sheet, 1, ['Список дел (вымышленные)'])
    put(sheet, 3, ['№ п/п', 'ФИО', 'Дело №', 'Страна', 'Статья', 'Дата предъявления обвинения', 'Исход', 'Дата приговора', 'Наказание', 'Город'])
    for number, (cells, _) in enumerate(rows, 4):
        put(sheet, number, cells)
    # What a spreadsheet leaves behind: cells without content, far to the right and far below.
    grey = PatternFill('solid', fgColor='EEEEEE')
    for row in range(3, 40):
        for column in (11, 12, 13, 14):
            sheet.cell(row=row, column=column).fill = grey
    for row in range(25, 40):
        sheet.cell(row=row, column=1).fill = grey
    statutes_sheet(book, 'statutes', 'KAZ-EX-174', 'KAZ-EX-274', 'KAZ-EX-274.4')
    book.save(folder / 'sheet.xlsx')
    share(folder / 'sheet.xlsx')
    head = 'case_id,defendant_id,country,statute,date_charged,outcome,date_outcome\n'
    charges = head + ''.join(line((new[0], pseudonym(old[1])) + new[1:-2]) for old, new in rows)  # texts do not leave
    mapping = {'kind': 'case-level', 'tables': [{
        'table': 'charges', 'sheet': 'Дела', 'header': [3, 3],
        'columns': {
            'case_id': {'from': 'Дело №'},
            'defendant_id': {'from': 'ФИО', 'pseudonym': True},
            'country': {'from': 'Страна', 'values': {'Казахстан': 'KAZ', 'РК': 'KAZ', 'KZ': 'KAZ'}},
            'statute': {'from': 'Статья', 'values': {'ст. 274': 'KAZ-EX-274', 'ст. 274 ч. 4': 'KAZ-EX-274.4', 'ст. 174': 'KAZ-EX-174', '174': 'KAZ-EX-174'}},
            'date_charged': {'from': 'Дата предъявления обвинения', 'dates': 'day-first'},
            'outcome': {'from': 'Исход', 'values': {
                'осуждён': 'convicted', 'осужден': 'convicted', 'осуждена': 'convicted', 'оправдана': 'acquitted', 'условно': 'suspended-sentence', 'лишение свободы': 'sentenced-prison',
                'идёт следствие': 'pending', 'в суде': 'pending', 'штраф': 'fined', 'прекращено': 'dismissed', 'передано в суд': 'prosecuted',
                'прекращено за отсутствием состава': 'discontinued-rehabilitating', 'по амнистии': 'discontinued-non-rehabilitating'}},
            'date_outcome': {'from': 'Дата приговора', 'dates': 'day-first'},
            'sentence': {'from': 'Наказание'},
            'region': {'from': 'Город'},
        },
        'left_out': ['№ п/п'],
    }]}
    write_case('01-russian-list', package('messy-01', 'Made-up cases 01'), mapping, {'charges': charges, 'statutes': statutes('KAZ-EX-174', 'KAZ-EX-274', 'KAZ-EX-274.4')}, {
        'file': 'sheet.xlsx', 'rows': 21, 'refused': [],
        'warnings': ['sheet_title_rows', 'sheet_empty_columns', 'sheet_empty_rows', 'column_left_out', 'text_left_out', 'region_left_out', 'sheet_not_chosen'],
        'asked': ['header', 'dates of date_charged', 'dates of date_outcome', 'names in ФИО', 'values of country', 'values of statute', 'values of outcome'],
        'ambiguous': {'date_charged': [6, 7, 8, 14], 'date_outcome': [9, 10]},
        'marks': ['Person A01', 'Person A02', 'Person A03', 'person  a03', 'Person A12', 'Person A21'],
        'note': 'Rows 6 and 8 are one person. Without the answer on dates, rows 6, 7, 8, 9, 10 and 14 are refused; rows 4 and 5 are not (03.03 is 3 March either way). Row 24 has its name in the punishment as well, which is left out; so is the city, which is no code of a region',
    })


# ---------------------------------------------------------------------------------------------------- 02

def case_02():
    """English; a header of two rows with merged cells; a case number merged over its defendants; names of countries and alpha-2; real dates."""
    # case (None where merged), accused, country, charged, decided, article, result | package
    rows = [
        (('Case 100/21', '1', 'Türkiye', Day(2021, 2, 3), Day(2022, 5, 4), 299, 'convicted (suspended)'), ('Case 100/21', '1', 'TUR', 'TUR-EX-299', '2021-02-03', 'suspended-sentence', '2022-05-04')),
        ((None, '2', 'Turkey', Day(2021, 2, 3), Day(2022, 5, 4), 299, 'Convicted (prison)'), ('Case 100/21', '2', 'TUR', 'TUR-EX-299', '2021-02-03', 'sentenced-prison', '2022-05-04')),
        ((None, '3', 'TR', Day(2021, 2, 3), Day(2022, 5, 4), 299, 'not guilty'), ('Case 100/21', '3', 'TUR', 'TUR-EX-299', '2021-02-03', 'acquitted', '2022-05-04')),
        (('Case 101/21', '1', 'Турция', Day(2022, 12, 31), None, 301, 'ongoing'), ('Case 101/21', '1', 'TUR', 'TUR-EX-301', '2022-12-31', 'pending', '')),
        (('Case 102/21', '4', 'TUR', Day(2020, 7, 1), Day(2020, 7, 2), 301, 'HAGB'), ('Case 102/21', '4', 'TUR', 'TUR-EX-301', '2020-07-01', 'suspended-announcement', '2020-07-02')),
        ((None, '5', 'Turkiye', Day(2020, 7, 1), Day(2021, 1, 1), 301, 'case dismissed'), ('Case 102/21', '5', 'TUR', 'TUR-EX-301', '2020-07-01', 'dismissed', '2021-01-01')),
        (('Case 1/7', '6', 'Kazakhstan', Day(2019, 10, 9), Day(2019, 11, 8), 274, 'Fined'), ('Case 1/7', '6', 'KAZ', 'KAZ-EX-274', '2019-10-09', 'fined', '2019-11-08')),
        (('Case 2/7', '7', 'Қазақстан', Day(2023, 1, 2), None, 274, 'charged'), ('Case 2/7', '7', 'KAZ', 'KAZ-EX-274', '2023-01-02', 'charged', '')),
    ]
    folder = HERE / '02-two-header-rows'
    folder.mkdir(parents=True, exist_ok=True)
    book = workbook()
    sheet = book.active
    sheet.title = 'Cases 2019-2023'
    put(sheet, 1, ['Case', None, None, 'Date', None, 'Law', 'Result'])
    put(sheet, 2, ['number', 'accused no.', 'country', 'charged', 'decided', 'article', None])
    for number, (cells, _) in enumerate(rows, 3):
        put(sheet, number, cells)
    for cells in ('A1:C1', 'D1:E1', 'G1:G2', 'A3:A5', 'A7:A8'):
        sheet.merge_cells(cells)
    statutes_sheet(book, 'statutes', 'KAZ-EX-274', 'TUR-EX-299', 'TUR-EX-301')
    book.save(folder / 'sheet.xlsx')
    share(folder / 'sheet.xlsx')
    charges = CHARGES + ',date_outcome\n' + ''.join(line(new) for _, new in rows)
    values = {'Türkiye': 'TUR', 'Turkey': 'TUR', 'TR': 'TUR', 'Турция': 'TUR', 'Turkiye': 'TUR', 'Kazakhstan': 'KAZ', 'Қазақстан': 'KAZ'}
    mapping = {'kind': 'case-level', 'tables': [{
        'table': 'charges', 'sheet': 'Cases 2019-2023', 'header': [1, 2],
        'columns': {
            'case_id': {'from': 'Case / number'},
            'defendant_id': {'from': 'Case / accused no.'},
            'country': {'from': 'Case / country', 'values': values},
            'statute': {'from': 'Law / article', 'values': {'299': 'TUR-EX-299', '301': 'TUR-EX-301', '274': 'KAZ-EX-274'}},
            'date_charged': {'from': 'Date / charged'},
            'outcome': {'from': 'Result', 'values': {'convicted (suspended)': 'suspended-sentence', 'Convicted (prison)': 'sentenced-prison', 'not guilty': 'acquitted', 'ongoing': 'pending',
                                                     'HAGB': 'suspended-announcement', 'case dismissed': 'dismissed', 'Fined': 'fined'}},
            'date_outcome': {'from': 'Date / decided'},
        },
    }]}
    write_case('02-two-header-rows', package('messy-02', 'Made-up cases 02'), mapping, {'charges': charges, 'statutes': statutes('KAZ-EX-274', 'TUR-EX-299', 'TUR-EX-301')}, {
        'file': 'sheet.xlsx', 'rows': 8, 'refused': [],
        'warnings': ['sheet_header_rows', 'sheet_merged', 'sheet_not_chosen'],
        'asked': ['header', 'values of country', 'values of statute', 'values of outcome'],
        'note': 'A3:A5 and A7:A8 are merged: the case number counts for each of their rows. Without that, four rows would lack case_id',
    })


# ---------------------------------------------------------------------------------------------------- 03

ODS_HEAD = ('<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
            'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
            'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.3"><office:automatic-styles>'
            '<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style></office:automatic-styles>'
            '<office:body><office:spreadsheet>')


def xml(text):
    return str(text).replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;').replace('"', '&quot;')


def ods_cell(cell):
    if cell is None:
        return '<table:table-cell/>'
    if isinstance(cell, tuple):
        return cell[0]
    if isinstance(cell, Day):
        return f'<table:table-cell office:value-type="date" office:date-value="{cell.isoformat()}"><text:p>{cell.strftime("%d.%m.%Y")}</text:p></table:table-cell>'
    if isinstance(cell, (int, float)):
        return f'<table:table-cell office:value-type="float" office:value="{cell}"><text:p>{cell}</text:p></table:table-cell>'
    return f'<table:table-cell office:value-type="string"><text:p>{xml(cell)}</text:p></table:table-cell>'


def ods(path, body):
    manifest = ('<?xml version="1.0" encoding="UTF-8"?>\n<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">'
                '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
                '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>')
    with zipfile.ZipFile(path, 'w') as out:
        out.writestr(zipfile.ZipInfo('mimetype', STAMP), 'application/vnd.oasis.opendocument.spreadsheet')
        for name, text in (('content.xml', ODS_HEAD + body + '</office:spreadsheet></office:body></office:document-content>'), ('META-INF/manifest.xml', manifest)):
            item = zipfile.ZipInfo(name, STAMP)
            item.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(item, text)


def case_03():
    """Kazakh; ODS; months by name; repeated rows and cells; merged (covered) cells; hidden rows that are read; a formula with its value."""
    P = lambda text: (f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>',)
    covered = ('<table:covered-table-cell/>',)
    spanned = lambda text, rows: (f'<table:table-cell office:value-type="string" table:number-rows-spanned="{rows}" table:number-columns-spanned="1"><text:p>{text}</text:p></table:table-cell>',)
    formula = ('<table:table-cell table:formula="of:=6*4" office:value-type="float" office:value="24"><text:p>24</text:p></table:table-cell>',)
    rich = P('ескерту <text:span>қатаң</text:span><text:s text:c="2"/>түрде')
    # case, accused, article, charged, outcome, decided, punishment, months, place | package; hidden rows are marked
    rows = [
        (('ЕРДР-1', '1', '274-бап', '2022 жылғы 3 наурыз', 'шартты түрде сотталды', Day(2022, 9, 1), 'шартты 2 жыл', formula, 'Алматы'), ('ЕРДР-1', '1', 'KAZ-EX-274', '2022-03-03', 'suspended-sentence', '2022-09-01', 'шартты 2 жыл', '24', 'Алматы'), False),
        ((spanned('ЕРДР-2', 2), '2', '274-бап 4-бөлік', 'наурыз 2021', 'сотталды', Day(2021, 10, 12), None, None, 'Астана'), ('ЕРДР-2', '2', 'KAZ-EX-274.4', '2021-03', 'convicted', '2021-10-12', '', '', 'Астана'), False),
        ((covered, '3', '274-бап 4-бөлік', 'наурыз 2021', 'ақталды', Day(2021, 10, 12), None, None, 'Астана'), ('ЕРДР-2', '3', 'KAZ-EX-274.4', '2021-03', 'acquitted', '2021-10-12', '', '', 'Астана'), True),
        (('ЕРДР-3', '4', '174-бап', '2020 ж.', 'айыппұл', '5 желтоқсан 2020', rich, None, 'Шымкент'), ('ЕРДР-3', '4', 'KAZ-EX-174', '2020', 'fined', '2020-12-05', 'ескерту қатаң  түрде', '', 'Шымкент'), False),
        (('ЕРДР-4', '5', '174-бап', Day(2023, 4, 5), 'тергелуде', None, None, None, 'Орал'), ('ЕРДР-4', '5', 'KAZ-EX-174', '2023-04-05', 'pending', '', '', '', 'Орал'), True),
        (('ЕРДР-5', '6', '174-бап', '17 мамыр 2019 ж.', 'іс тоқтатылды', '2019', None, None, 'Орал'), ('ЕРДР-5', '6', 'KAZ-EX-174', '2019-05-17', 'dismissed', '2019', '', '', 'Орал'), False),
        (('ЕРДР-6', '7', '274-бап', 'белгісіз', 'бас бостандығынан айырылды', Day(2018, 2, 28), '3 жыл', 36, 'Орал'), ('ЕРДР-6', '7', 'KAZ-EX-274', 'unknown', 'sentenced-prison', '2018-02-28', '3 жыл', '36', 'Орал'), False),
    ]
    head = ['Іс нөмірі', 'Айыпталушы коды', 'Бап', 'Айып тағылған күні', 'Нәтиже', 'Үкім күні', 'Жаза', 'Мерзімі (ай)', 'Қала']
    body = '<table:table table:name="Істер"><table:table-column table:number-columns-repeated="9"/>'
    body += '<table:table-row>' + ''.join(ods_cell(cell) for cell in head) + '<table:table-cell table:number-columns-repeated="1015"/></table:table-row>'
    for cells, _, hidden in rows:
        body += '<table:table-row' + (' table:visibility="collapse"' if hidden else '') + '>' + ''.join(ods_cell(cell) for cell in cells) + '</table:table-row>'
    body += '<table:table-row table:number-rows-repeated="1048568"><table:table-cell table:number-columns-repeated="1024"/></table:table-row></table:table>'
    body += '<table:table table:name="statutes">'
    import csv
    body += '<table:table-row>' + ''.join(ods_cell(name) for name in STATUTES_ON_SHEETS) + '</table:table-row>'
    for id in ('KAZ-EX-174', 'KAZ-EX-274', 'KAZ-EX-274.4'):
        row = next(csv.DictReader([STATUTES_HEAD, STATUTE[id]]))
        body += '<table:table-row>' + ''.join(ods_cell(row[name] or None) for name in STATUTES_ON_SHEETS) + '</table:table-row>'
    body += '</table:table>'
    folder = HERE / '03-kazakh-ods'
    folder.mkdir(parents=True, exist_ok=True)
    ods(folder / 'sheet.ods', body)
    charges = 'case_id,defendant_id,statute,date_charged,outcome,date_outcome,sentence_months,country\n' + ''.join(line(new[:6] + new[7:8] + ('KAZ',)) for _, new, _ in rows)
    mapping = {'kind': 'case-level', 'tables': [{
        'table': 'charges', 'sheet': 'Істер', 'header': [1, 1], 'hidden_rows': 'read',
        'columns': {
            'case_id': {'from': 'Іс нөмірі'},
            'defendant_id': {'from': 'Айыпталушы коды'},
            'statute': {'from': 'Бап', 'values': {'274-бап': 'KAZ-EX-274', '274-бап 4-бөлік': 'KAZ-EX-274.4', '174-бап': 'KAZ-EX-174'}},
            'date_charged': {'from': 'Айып тағылған күні', 'values': {'белгісіз': 'unknown'}},
            'outcome': {'from': 'Нәтиже', 'values': {'шартты түрде сотталды': 'suspended-sentence', 'сотталды': 'convicted', 'ақталды': 'acquitted', 'айыппұл': 'fined', 'тергелуде': 'pending',
                                                     'іс тоқтатылды': 'dismissed', 'бас бостандығынан айырылды': 'sentenced-prison'}},
            'date_outcome': {'from': 'Үкім күні'},
            'sentence': {'from': 'Жаза'},
            'sentence_months': {'from': 'Мерзімі (ай)'},
            'region': {'from': 'Қала'},
            'country': {'always': 'KAZ'},
        },
    }]}
    write_case('03-kazakh-ods', package('messy-03', 'Made-up cases 03'), mapping, {'charges': charges, 'statutes': statutes('KAZ-EX-174', 'KAZ-EX-274', 'KAZ-EX-274.4')}, {
        'file': 'sheet.ods', 'rows': 7, 'refused': [],
        'warnings': ['sheet_merged', 'sheet_formula', 'sheet_rich_text', 'sheet_hidden_rows', 'sheet_empty_columns', 'sheet_empty_rows', 'text_left_out', 'region_left_out', 'sheet_not_chosen'],
        'asked': ['hidden rows', 'the country, which no column has', 'values of statute', 'values of outcome', 'values of date_charged'],
        'hidden': [4, 6],
        'note': 'Without the answer on hidden rows, rows 4 and 6 are refused. The column of cases is merged over rows 3 and 4. 1,048,568 empty rows cost one element',
    })


# ---------------------------------------------------------------------------------------------------- 04

def case_04():
    """Days counted from 1904, as typed dates and as plain numbers; formulas, whose saved values are taken."""
    # case (formula), accused, charged (typed), decided (plain serial of 1904), years, months (formula) | package
    serial = lambda day: (day - Day(1904, 1, 1)).days
    rows = [
        (('KAZ', 1, '1-1', Day(2010, 1, 2), serial(Day(2010, 12, 31)), 1, 12), ('KAZ-1', '1-1', '2010-01-02', '2010-12-31', '12')),
        (('KAZ', 2, '1-2', Day(2011, 2, 28), serial(Day(2011, 6, 5)), 2, 24), ('KAZ-2', '1-2', '2011-02-28', '2011-06-05', '24')),
        (('KAZ', 3, '1-3', Day(2012, 2, 29), serial(Day(2012, 8, 9)), 3, 36), ('KAZ-3', '1-3', '2012-02-29', '2012-08-09', '36')),
        (('KAZ', 4, '1-4', Day(2013, 5, 6), serial(Day(2014, 3, 3)), 4, 48), ('KAZ-4', '1-4', '2013-05-06', '2014-03-03', '48')),
        (('KAZ', 5, '1-5', Day(2014, 7, 8), serial(Day(2015, 4, 5)), 5, 60), ('KAZ-5', '1-5', '2014-07-08', '2015-04-05', '60')),
        (('KAZ', 6, '1-6', Day(2015, 9, 10), serial(Day(2016, 10, 11)), 6, 72), ('KAZ-6', '1-6', '2015-09-10', '2016-10-11', '72')),
    ]
    folder = HERE / '04-mac-1904'
    folder.mkdir(parents=True, exist_ok=True)
    book = workbook()
    book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    sheet.title = 'Sheet1'
    put(sheet, 1, ['Series', 'No. in series', 'Case number', 'Accused', 'Date of charge', 'Verdict date', 'Years', 'Months', 'Verdict', 'Statute', 'Country'])
    values = {}
    for number, ((series, no, accused, charged, decided, years, months), _) in enumerate(rows, 2):
        put(sheet, number, [series, no, f'=A{number}&"-"&B{number}', accused, charged, decided, years, f'=G{number}*12', 'imprisonment', 'KAZ-EX-174', 'KAZ'])
        values[f'C{number}'], values[f'H{number}'] = f'{series}-{no}', months
    statutes_sheet(book, 'statutes', 'KAZ-EX-174')
    book.save(folder / 'sheet.xlsx')
    rezip(folder / 'sheet.xlsx', cached({'xl/worksheets/sheet1.xml': values}))
    share(folder / 'sheet.xlsx')
    charges = 'case_id,defendant_id,date_charged,date_outcome,sentence_months,outcome,statute,country\n' + ''.join(line(new + ('sentenced-prison', 'KAZ-EX-174', 'KAZ')) for _, new in rows)
    mapping = {'kind': 'case-level', 'tables': [{
        'table': 'charges', 'sheet': 'Sheet1', 'header': [1, 1],
        'columns': {
            'case_id': {'from': 'Case number'},
            'defendant_id': {'from': 'Accused'},
            'date_charged': {'from': 'Date of charge'},
            'date_outcome': {'from': 'Verdict date', 'serials': True},
            'sentence_months': {'from': 'Months'},
            'outcome': {'from': 'Verdict', 'values': {'imprisonment': 'sentenced-prison'}},
            'statute': {'from': 'Statute'},
            'country': {'from': 'Country'},
        },
        'left_out': ['Series', 'No. in series', 'Years'],
    }]}
    write_case('04-mac-1904', package('messy-04', 'Made-up cases 04'), mapping, {'charges': charges, 'statutes': statutes('KAZ-EX-174')}, {
        'file': 'sheet.xlsx', 'rows': 6, 'refused': [],
        'warnings': ['sheet_1904', 'sheet_formula', 'column_left_out', 'sheet_not_chosen'],
        'asked': ['are the numbers in Verdict date days', 'values of outcome'],
        'note': f'The plain number {rows[0][0][4]} is 2010-12-31 in this workbook, and would be four years and a day earlier in another',
    })


# ---------------------------------------------------------------------------------------------------- 05

def case_05():
    """Several sheets, a hidden one with names, hidden rows that are left out, hidden columns; no id of persons: the row number stands for it."""
    rows = [
        (('case 1', 'Kazakhstan', 'KAZ-EX-274', Day(2021, 1, 5), 'convicted', Day(2021, 6, 1), 'journalist'), False),
        (('case 2', 'Kazakhstan', 'KAZ-EX-274', Day(2021, 2, 5), 'acquitted', Day(2021, 7, 1), 'blogger'), False),
        (('case 3', 'Kazakhstan', 'KAZ-EX-174', Day(2021, 3, 5), 'convicted', Day(2021, 8, 1), 'civil activist'), True),
        (('case 4', 'Kazakhstan', 'KAZ-EX-174', Day(2021, 4, 5), 'pending', None, 'lawyer'), False),
        (('case 5', 'Kazakhstan', 'KAZ-EX-174', Day(2021, 5, 5), 'fined', Day(2021, 9, 1), 'pensioner'), False),
        (('case 6', 'Kazakhstan', 'KAZ-EX-274', Day(2021, 6, 5), 'pending', None, 'reporter'), True),
    ]
    new_role = {'journalist': 'journalist', 'blogger': 'blogger', 'civil activist': 'activist', 'lawyer': 'lawyer', 'pensioner': 'other', 'reporter': 'journalist'}
    folder = HERE / '05-hidden'
    folder.mkdir(parents=True, exist_ok=True)
    book = workbook()
    sheet = book.active
    sheet.title = 'Read me'
    put(sheet, 1, ['How this file is kept'])
    put(sheet, 2, ['Made up. The cases are on the next sheet.'])
    cases = book.create_sheet('Cases')
    put(cases, 1, ['Case', 'Country', 'Statute', 'Charged', 'Verdict', 'Decided', 'Occupation', 'Desk note'])
    for number, (cells, hidden) in enumerate(rows, 2):
        put(cases, number, cells)
        cases.cell(row=number, column=8, value=f'asked Person H0{number}')
        cases.row_dimensions[number].hidden = hidden
    cases.column_dimensions['G'].hidden = True
    cases.column_dimensions['H'].hidden = True
    names = book.create_sheet('Names')
    names.sheet_state = 'hidden'
    put(names, 1, ['Case', 'Name', 'Phone'])
    for number in range(1, 7):
        put(names, number + 1, [f'case {number}', f'Person H1{number}', f'+7 700 000 00 0{number}'])
    very = book.create_sheet('Old')
    very.sheet_state = 'veryHidden'
    put(very, 1, ['Person H99'])
    statutes_sheet(book, 'statutes', 'KAZ-EX-174', 'KAZ-EX-274')
    book.save(folder / 'sheet.xlsx')
    rezip(folder / 'sheet.xlsx')
    written = [  # by hand, the four rows that are not hidden; the row of the sheet stands for the person
        ('case 1', '2', 'KAZ', 'KAZ-EX-274', '2021-01-05', 'convicted', '2021-06-01', 'journalist'),
        ('case 2', '3', 'KAZ', 'KAZ-EX-274', '2021-02-05', 'acquitted', '2021-07-01', 'blogger'),
        ('case 4', '5', 'KAZ', 'KAZ-EX-174', '2021-04-05', 'pending', '', 'lawyer'),
        ('case 5', '6', 'KAZ', 'KAZ-EX-174', '2021-05-05', 'fined', '2021-09-01', 'other'),
    ]
    charges = CHARGES + ',date_outcome,role\n' + ''.join(line(row) for row in written)
    mapping = {'kind': 'case-level', 'tables': [{
        'table': 'charges', 'sheet': 'Cases', 'header': [1, 1], 'hidden_rows': 'leave-out',
        'columns': {
            'case_id': {'from': 'Case'},
            'defendant_id': {'from': '#row'},
            'country': {'from': 'Country', 'values': {'Kazakhstan': 'KAZ'}},
            'statute': {'from': 'Statute'},
            'date_charged': {'from': 'Charged'},
            'outcome': {'from': 'Verdict'},
            'date_outcome': {'from': 'Decided'},
            'role': {'from': 'Occupation', 'values': {old: new for old, new in new_role.items() if old != new and old != 'reporter'}},
        },
        'left_out': ['Desk note'],
    }]}
    write_case('05-hidden', package('messy-05', 'Made-up cases 05', additive=('country', 'statute', 'outcome', 'year', 'role')), mapping, {'charges': charges, 'statutes': statutes('KAZ-EX-174', 'KAZ-EX-274')}, {
        'file': 'sheet.xlsx', 'rows': 6, 'refused': [], 'left_out': [4, 7],
        'warnings': ['sheet_hidden_sheet', 'sheet_not_chosen', 'sheet_hidden_rows', 'sheet_hidden_columns', 'column_left_out'],
        'asked': ['which sheet', 'hidden rows', 'what stands for the person', 'values of country', 'values of role'],
        'hidden': [4, 7],
        'marks': ['Person H11', 'Person H16', 'Person H02', 'Person H99', '+7 700 000 00 01'],
        'note': 'Names stand in a hidden sheet, in a sheet hidden so that Excel does not list it, and in a hidden column of notes: none of them may come out anywhere',
    })


# ---------------------------------------------------------------------------------------------------- 06

def case_06():
    """#REF! and a total among 44 rows; rich text, struck-through text, comments, a text with line ends and quotes; control of the 5 % limit."""
    folder = HERE / '06-errors-and-rich-text'
    folder.mkdir(parents=True, exist_ok=True)
    book = workbook()
    sheet = book.active
    sheet.title = 'Лист1'
    put(sheet, 1, ['Номер дела', 'Код обвиняемого', 'Страна', 'Статья', 'Год', 'Статус', 'Приговор'])
    months = [f'{month:02}' for month in range(1, 13)]
    written = []
    for number in range(1, 43):
        row, year, month = number + 1, 2018 + number % 5, months[number % 12]
        outcome, code = [('обвинён', 'charged'), ('подозреваемый', None), ('обвинительный акт', 'charged'), ('задержан', 'arrested')][number % 4]
        if code is None:
            outcome, code = 'дело возбуждено', 'investigated'
        sentence = ''
        put(sheet, row, [f'Дело № {number}', f'{number}/2', 'Казахстан', 'KAZ-EX-274', f'{year}-{month}', outcome, None])
        if number == 5:
            sentence = 'штраф, 50 МРП'
            sheet.cell(row=row, column=7).value = CellRichText('штраф, ', TextBlock(InlineFont(b=True), '50 МРП'))
        if number == 6:
            sentence = 'арест штраф'
            sheet.cell(row=row, column=7).value = CellRichText(TextBlock(InlineFont(strike=True), 'арест '), 'штраф')
        if number == 7:
            sentence = 'первая строка\nвторая "строка"'
            sheet.cell(row=row, column=7).value = sentence
        if number == 8:
            sentence = '_x0041_ и <b>&amp;</b>'  # letters that XML readers take for something else
            sheet.cell(row=row, column=7).value = sentence
        if number == 9:
            sheet.cell(row=row, column=6).comment = Comment('asked Person C01 about it', 'Person C02')
        if number == 20:
            sheet.cell(row=row, column=1).value = '#REF!'
            sheet.cell(row=row, column=1).data_type = 'e'
            continue
        written.append((f'Дело № {number}', f'{number}/2', 'KAZ', 'KAZ-EX-274', f'{year}-{month}', code, sentence))
    put(sheet, 44, ['Итого', 42])
    statutes_sheet(book, 'statutes', 'KAZ-EX-274')
    book.save(folder / 'sheet.xlsx')

    def escape(name, data):
        # Excel writes `_x005F_` before a text that looks like one of its own escapes; openpyxl does not.
        return data.replace(b'_x0041_', b'_x005F_x0041_') if name == 'xl/worksheets/sheet1.xml' else data
    rezip(folder / 'sheet.xlsx', escape)
    share(folder / 'sheet.xlsx', b'<rPh sb="0" eb="1"><t>nomer</t></rPh>')
    charges = CHARGES + '\n' + ''.join(line(row[:-1]) for row in written)
    mapping = {'kind': 'case-level', 'tables': [{
        'table': 'charges', 'sheet': 'Лист1', 'header': [1, 1],
        'columns': {
            'case_id': {'from': 'Номер дела'},
            'defendant_id': {'from': 'Код обвиняемого'},
            'country': {'from': 'Страна', 'values': {'Казахстан': 'KAZ'}},
            'statute': {'from': 'Статья'},
            'date_charged': {'from': 'Год'},
            'outcome': {'from': 'Статус', 'values': {'обвинён': 'charged', 'дело возбуждено': 'investigated', 'обвинительный акт': 'charged', 'задержан': 'arrested'}},
            'sentence': {'from': 'Приговор'},
        },
    }]}
    write_case('06-errors-and-rich-text', package('messy-06', 'Made-up cases 06'), mapping, {'charges': charges, 'statutes': statutes('KAZ-EX-274')}, {
        'file': 'sheet.xlsx', 'rows': 43, 'refused': [[21, 'sheet_error_value'], [44, 'total_row']],
        'warnings': ['sheet_rich_text', 'sheet_struck', 'sheet_comments', 'text_left_out', 'sheet_not_chosen'],
        'asked': ['values of country', 'values of outcome'],
        'marks': ['Person C01', 'Person C02'],
        'note': '2 of 43 rows are refused, 4.65 %: one more, and the file is. The comment and its author are no part of the data',
    })


# ---------------------------------------------------------------------------------------------------- 07

def case_07():
    """A workbook with macros; names noticed by shape, under a heading that says nothing, and left out; month-first dates; alpha-2."""
    # name, docket, nation, charge, filed (month first), decision, on | package
    rows = [
        (('Метка Тестовна Первая', 'docket #1', 'KZ', 'art. 274', '03/05/2022', 'guilty', '11/30/2022'), ('docket #1', 'KAZ', 'KAZ-EX-274', '2022-03-05', 'convicted', '2022-11-30')),
        (('Метка Тестовна Вторая', 'docket #2', 'KZ', 'art. 274', '12/31/2021', 'not guilty', '02/01/2022'), ('docket #2', 'KAZ', 'KAZ-EX-274', '2021-12-31', 'acquitted', '2022-02-01')),
        (('Отмет Тестович Третий', 'docket #3', 'TR', 'art. 299', '01/02/2020', 'suspended sentence', '04/15/2020'), ('docket #3', 'TUR', 'TUR-EX-299', '2020-01-02', 'suspended-sentence', '2020-04-15')),
        (('Отмет Тестович Четвёртый', 'docket #4', 'TR', 'art. 299', '06/07/2023', 'in court', None), ('docket #4', 'TUR', 'TUR-EX-299', '2023-06-07', 'pending', '')),
        (('Метка Тестовна Пятая', 'docket #5', 'KZ', 'art. 174', '10/10/2019', 'time-barred', '10/11/2019'), ('docket #5', 'KAZ', 'KAZ-EX-174', '2019-10-10', 'discontinued-non-rehabilitating', '2019-10-11')),
    ]
    folder = HERE / '07-macros'
    folder.mkdir(parents=True, exist_ok=True)
    book = workbook()
    sheet = book.active
    sheet.title = 'Data'
    put(sheet, 1, ['Участник', 'Docket no', 'Nation', 'Charged under', 'Filed', 'Court decision', 'Decision date'])
    for number, (cells, _) in enumerate(rows, 2):
        put(sheet, number, cells)
    statutes_sheet(book, 'statutes', 'KAZ-EX-174', 'KAZ-EX-274', 'TUR-EX-299')
    book.save(folder / 'sheet.xlsm')

    def macro(name, data):
        if name == '[Content_Types].xml':
            data = data.replace(b'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml', b'application/vnd.ms-excel.sheet.macroEnabled.main+xml')
            data = data.replace(b'</Types>', b'<Override PartName="/xl/vbaProject.bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>')
        if name == 'xl/_rels/workbook.xml.rels':
            data = data.replace(b'</Relationships>', b'<Relationship Id="rId99" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" Target="vbaProject.bin"/></Relationships>')
        return data
    share(folder / 'sheet.xlsm')
    rezip(folder / 'sheet.xlsm', macro, [('xl/vbaProject.bin', b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 no macro, only a file where one would be')])
    # No column says who is who, so each case has one person, named as the case is.
    charges = CHARGES + ',date_outcome\n' + ''.join(line((new[0], new[0]) + new[1:]) for _, new in rows)
    mapping = {'kind': 'case-level', 'tables': [{
        'table': 'charges', 'sheet': 'Data', 'header': [1, 1],
        'columns': {
            'case_id': {'from': 'Docket no'},
            'defendant_id': {'from': 'Docket no'},
            'country': {'from': 'Nation', 'values': {'KZ': 'KAZ', 'TR': 'TUR'}},
            'statute': {'from': 'Charged under', 'values': {'art. 274': 'KAZ-EX-274', 'art. 299': 'TUR-EX-299', 'art. 174': 'KAZ-EX-174'}},
            'date_charged': {'from': 'Filed', 'dates': 'month-first'},
            'outcome': {'from': 'Court decision', 'values': {'guilty': 'convicted', 'not guilty': 'acquitted', 'suspended sentence': 'suspended-sentence', 'in court': 'pending', 'time-barred': 'discontinued-non-rehabilitating'}},
            'date_outcome': {'from': 'Decision date', 'dates': 'month-first'},
        },
        'left_out': ['Участник'],
    }]}
    write_case('07-macros', package('messy-07', 'Made-up cases 07'), mapping, {'charges': charges, 'statutes': statutes('KAZ-EX-174', 'KAZ-EX-274', 'TUR-EX-299')}, {
        'file': 'sheet.xlsm', 'rows': 5, 'refused': [],
        'warnings': ['sheet_macros', 'names_left_out', 'sheet_not_chosen'],
        'asked': ['names in #A', 'what stands for the person', 'dates of date_charged', 'dates of date_outcome', 'values of country', 'values of statute', 'values of outcome'],
        'marks': ['Метка Тестовна Первая', 'Отмет Тестович Третий', 'Метка Тестовна Пятая'],
        'ambiguous': {'date_charged': [2, 4, 5], 'date_outcome': [3, 6]},
    })


# ---------------------------------------------------------------------------------------------------- 08

def case_08():
    """Published figures on three sheets: numbers as text with spaces, years as numbers, a zero, a blank that is no zero, columns in any order."""
    folder = HERE / '08-reported'
    folder.mkdir(parents=True, exist_ok=True)
    book = workbook()
    sheet = book.active
    sheet.title = 'Данные'
    put(sheet, 1, ['Количество', 'Год', 'Статья', 'Показатель', 'Единица', 'Источник', 'Страна', 'Примечание', 'Надёжность', 'Основной'])
    # number, year, article, indicator, unit, source, country, note, reliability, preferred | package
    rows = [
        ((12, 2018, 'ст. 274', 'зарегистрировано', 'дел', 'bureau', 'Казахстан', None, None, 'да'), ('12', '2018', 'KAZ-EX-274', 'registered', 'cases', 'bureau', '', 'A', 'true')),
        (('1 204', 2019, 'ст. 274', 'зарегистрировано', 'дел', 'bureau', 'Казахстан', None, None, 'да'), ('1204', '2019', 'KAZ-EX-274', 'registered', 'cases', 'bureau', '', 'A', 'true')),
        (('1 310', '2019 г.', 'ст. 274', 'зарегистрировано', 'дел', 'monitor', 'Казахстан', 'вместе с жалобами', 'оценка', 'нет'), ('1310', '2019', 'KAZ-EX-274', 'registered', 'cases', 'monitor', 'вместе с жалобами', 'E', 'false')),
        ((0, 2020, 'ст. 274', 'зарегистрировано', 'дел', 'bureau', 'Казахстан', None, None, None), ('0', '2020', 'KAZ-EX-274', 'registered', 'cases', 'bureau', '', 'A', 'false')),
        ((3, 2019, 'ст. 274', 'осуждено', 'человек', 'bureau', 'Казахстан', None, 'предварительно', None), ('3', '2019', 'KAZ-EX-274', 'convicted', 'persons', 'bureau', '', 'P', 'false')),
        (('2\u00a0004', 2020, 'ст. 174', 'осуждено', 'лиц', 'bureau', 'РК', None, 'обычное', None), ('2004', '2020', 'KAZ-EX-174', 'convicted', 'persons', 'bureau', '', 'A', 'false')),
    ]
    rows += [((number, 2000 + number, 'ст. 174', 'зарегистрировано', 'дел', 'bureau', 'Казахстан', None, None, None), (str(number), str(2000 + number), 'KAZ-EX-174', 'registered', 'cases', 'bureau', '', 'A', 'false')) for number in range(1, 20)]
    for number, (cells, _) in enumerate(rows, 2):
        put(sheet, number, cells)
    put(sheet, 27, [None, 2021, 'ст. 274', 'зарегистрировано', 'дел', 'bureau', 'Казахстан'])
    sources = book.create_sheet('Источники')
    put(sources, 1, ['Название', 'Код источника', 'Организация', 'Ссылка', 'Дата публикации', 'Вид источника', 'Правило учёта', 'К какому году', 'Тип показателя'])
    put(sources, 2, ['Ежегодник', 'bureau', 'Бюро примеров', 'https://example.org/bureau', Day(2021, 3, 4), 'официальный', 'основная статья', 'дата регистрации', 'поток'])
    put(sources, 3, ['Отчёт', 'monitor', 'Мониторинг примеров', 'https://example.org/monitor', 'март 2021', 'НКО', 'не указано', 'не указано', 'поток'])
    statutes_sheet(book, 'statutes', 'KAZ-EX-174', 'KAZ-EX-274')
    book.save(folder / 'sheet.xlsx')
    share(folder / 'sheet.xlsx')
    counts = 'value,year,statute,outcome,unit,source,status,preferred,country\n' + ''.join(line(new[:6] + new[7:] + ('KAZ',)) for _, new in rows)
    own = ('source,publisher,title,url,published,kind,counting_rule,time_basis,measure_type\n'
           'bureau,Бюро примеров,Ежегодник,https://example.org/bureau,2021-03-04,official,principal-offence,registration,flow\n'
           'monitor,Мониторинг примеров,Отчёт,https://example.org/monitor,2021-03,ngo,not-stated,not-stated,flow\n')
    mapping = {'kind': 'reported', 'tables': [{
        'table': 'counts', 'sheet': 'Данные', 'header': [1, 1],
        'columns': {
            'value': {'from': 'Количество'},
            'year': {'from': 'Год'},
            'statute': {'from': 'Статья', 'values': {'ст. 274': 'KAZ-EX-274', 'ст. 174': 'KAZ-EX-174'}},
            'outcome': {'from': 'Показатель', 'values': {'зарегистрировано': 'registered', 'осуждено': 'convicted'}},
            'unit': {'from': 'Единица', 'values': {'дел': 'cases', 'человек': 'persons', 'лиц': 'persons'}},
            'source': {'from': 'Источник'},
            'note': {'from': 'Примечание'},
            'status': {'from': 'Надёжность', 'values': {'оценка': 'E', 'предварительно': 'P', 'обычное': 'A'}},
            'preferred': {'from': 'Основной', 'values': {'да': 'true', 'нет': 'false'}},
            'country': {'from': 'Страна', 'values': {'Казахстан': 'KAZ', 'РК': 'KAZ'}},
        },
    }]}
    about = package('messy-08', 'Made-up figures 08', 'reported', ('persons', 'cases'), 'not-stated', ('year',), ('These figures are made up.',))
    write_case('08-reported', about, mapping, {'counts': counts, 'sources': own, 'statutes': statutes('KAZ-EX-174', 'KAZ-EX-274')}, {
        'file': 'sheet.xlsx', 'rows': 26, 'refused': [[27, 'missing_value']],
        'warnings': ['text_left_out', 'sheet_not_chosen'],
        'asked': ['values of statute', 'values of outcome', 'values of unit', 'values of status', 'values of preferred', 'values of country'],
        'note': 'Row 27 has no number: that is no zero, and it is refused (1 of 26 rows, 3.8 %). "1 204" and "2 004" with a no-break space are numbers grouped by three',
    })


# ---------------------------------------------------------------------------------------------------- 09

def case_09():
    """CSV in windows-1251 with semicolons: names of months, article and part in two columns, yes and no, unknown dates, records that are kept back."""
    # name, case, article, part, opened, result, ended, publish | package
    rows = [
        (('Person B01', '7-1', '274', '4', '3 марта 2022 г.', 'Осуждён', '1 июля 2022', 'да'), ('7-1', 'KAZ-EX-274.4', '2022-03-03', 'convicted', '2022-07-01', 'true')),
        (('Person B02', '7-2', '274', '', '12 мая 2021 года', 'Оправдан', 'дек. 2021', 'да'), ('7-2', 'KAZ-EX-274', '2021-05-12', 'acquitted', '2021-12', 'true')),
        (('Person B03', '7-3', '174', '', 'неизвестно', 'исправительные работы', '2020', ''), ('7-3', 'KAZ-EX-174', 'unknown', 'correctional-labour', '2020', '')),
        (('Person B04', '7-4', '274', '4', 'август 2020', 'Осуждён', '30 ноября 2020', 'нет'), ('7-4', 'KAZ-EX-274.4', '2020-08', 'convicted', '2020-11-30', 'false')),
        (('Person B01', '7-5', '174', '', '15 янв 2023', 'следствие', '', 'да'), ('7-5', 'KAZ-EX-174', '2023-01-15', 'pending', '', 'true')),
    ]
    folder = HERE / '09-windows-1251'
    folder.mkdir(parents=True, exist_ok=True)
    quoted = lambda cell: '"' + cell + '"' if ';' in cell or '\n' in cell else cell
    text = 'Обвиняемый;Номер дела;Статья;Часть;Дата возбуждения;Результат;Дата решения;Можно публиковать;;\r\n'
    text += ''.join(';'.join(map(quoted, cells)) + ';;\r\n' for cells, _ in rows)
    text += ';;;;;;;;;\r\n' * 30
    (folder / 'sheet.csv').write_bytes(text.encode('windows-1251'))
    charges = 'case_id,defendant_id,country,statute,date_charged,outcome,date_outcome,publish\n' + ''.join(line((new[0], pseudonym(old[0]), 'KAZ') + new[1:]) for old, new in rows)
    mapping = {'kind': 'case-level', 'tables': [{
        'table': 'charges', 'encoding': 'windows-1251', 'delimiter': ';', 'header': [1, 1],
        'columns': {
            'case_id': {'from': 'Номер дела'},
            'defendant_id': {'from': 'Обвиняемый', 'pseudonym': True},
            'country': {'always': 'KAZ'},
            'statute': {'from': ['Статья', 'Часть'], 'values': {'274 | 4': 'KAZ-EX-274.4', '274': 'KAZ-EX-274', '174': 'KAZ-EX-174'}},
            'date_charged': {'from': 'Дата возбуждения', 'values': {'неизвестно': 'unknown'}},
            'outcome': {'from': 'Результат', 'values': {'Осуждён': 'convicted', 'Оправдан': 'acquitted', 'исправительные работы': 'correctional-labour', 'следствие': 'pending'}},
            'date_outcome': {'from': 'Дата решения'},
            'publish': {'from': 'Можно публиковать', 'values': {'да': 'true', 'нет': 'false'}},
        },
    }]}
    write_case('09-windows-1251', package('messy-09', 'Made-up cases 09'), mapping, {'charges': charges, 'statutes': statutes('KAZ-EX-174', 'KAZ-EX-274', 'KAZ-EX-274.4')}, {
        'file': 'sheet.csv', 'rows': 5, 'refused': [], 'withheld': 1,
        'warnings': ['sheet_empty_columns', 'sheet_empty_rows'],
        'asked': ['encoding', 'names in Обвиняемый', 'the country, which no column has', 'values of statute', 'values of outcome', 'values of date_charged', 'values of publish'],
        'marks': ['Person B01', 'Person B02', 'Person B03', 'Person B04'],
        'note': 'Rows 2 and 6 are one person. Row 5 is kept back by its publisher: it is in the package, and in no release',
    })


# ---------------------------------------------------------------------------------------------------- 10

def case_10():
    """Headings that say nothing: columns are found by their content. Written by another program: inline texts, prefixed names, cells without places."""
    # id, id of person, iin (left out), country, statute, date, code, iso date, address, phone | package
    rows = [
        (('case-0001', '4/1', '900101300001', 'KAZ', 'KAZ-EX-274', '2020-01-15', 'convicted', '2020-09-30T00:00:00', 'https://example.org/a', '+7 (700) 000-00-01'), ('case-0001', '4/1', 'KAZ', 'KAZ-EX-274', '2020-01-15', 'convicted', '2020-09-30', 'https://example.org/a')),
        (('case-0002', '4/2', '900101300002', 'KAZ', 'kaz-ex-274', '2021-02-15', 'acquitted', '2021-09-30T00:00:00', 'https://example.org/b', '+7 (700) 000-00-02'), ('case-0002', '4/2', 'KAZ', 'KAZ-EX-274', '2021-02-15', 'acquitted', '2021-09-30', 'https://example.org/b')),
        (('case-0003', '4/3', '900101300003', 'TUR', 'TUR-EX-299', '2022-03-15', 'pending', None, 'https://example.org/c', '+7 (700) 000-00-03'), ('case-0003', '4/3', 'TUR', 'TUR-EX-299', '2022-03-15', 'pending', '', 'https://example.org/c')),
        (('case-0004', '4/1', '900101300001', 'TUR', 'TUR-EX-299', '2023-04-15', 'fined', '2023-05-01T00:00:00', 'https://example.org/d', '+7 (700) 000-00-04'), ('case-0004', '4/1', 'TUR', 'TUR-EX-299', '2023-04-15', 'fined', '2023-05-01', 'https://example.org/d')),
    ]
    folder = HERE / '10-by-content'
    folder.mkdir(parents=True, exist_ok=True)
    heads = ['Column 1', 'Column 2', 'Column 3', 'Column 4', 'Column 5', 'Column 6', 'Column 7', 'Column 8', 'Column 9', 'Column 10']

    def x_cell(cell):
        if cell is None:
            return '<x:c/>'
        return f'<x:c t="inlineStr"><x:is><x:t xml:space="preserve">{xml(cell)}</x:t></x:is></x:c>'

    def x_sheet(lines):
        rows_ = ''.join('<x:row>' + ''.join(map(x_cell, cells)) + '</x:row>' for cells in lines)
        return f'<?xml version="1.0" encoding="utf-8"?><x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>{rows_}</x:sheetData></x:worksheet>'
    import csv
    own = [STATUTES_ON_SHEETS] + [[row[name] or None for name in STATUTES_ON_SHEETS] for row in csv.DictReader([STATUTES_HEAD, STATUTE['KAZ-EX-274'], STATUTE['TUR-EX-299']])]
    relation = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
    parts = [
        ('[Content_Types].xml', '<?xml version="1.0" encoding="utf-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
         '<Override PartName="/xl/worksheets/sheet.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/worksheets/sheet2.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'),
        ('_rels/.rels', f'<?xml version="1.0" encoding="utf-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="R1" Type="{relation}/officeDocument" Target="/xl/workbook.xml"/></Relationships>'),
        ('xl/workbook.xml', f'<?xml version="1.0" encoding="utf-8"?><x:workbook xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="{relation}"><x:sheets><x:sheet name="Export" sheetId="1" r:id="R1"/><x:sheet name="statutes" sheetId="2" r:id="R2"/></x:sheets></x:workbook>'),
        ('xl/_rels/workbook.xml.rels', f'<?xml version="1.0" encoding="utf-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="R1" Type="{relation}/worksheet" Target="/xl/worksheets/sheet.xml"/><Relationship Id="R2" Type="{relation}/worksheet" Target="/xl/worksheets/sheet2.xml"/></Relationships>'),
        ('xl/worksheets/sheet.xml', x_sheet([heads] + [list(cells) for cells, _ in rows])),
        ('xl/worksheets/sheet2.xml', x_sheet(own)),
    ]
    with zipfile.ZipFile(folder / 'sheet.xlsx', 'w') as out:
        for name, text in parts:
            item = zipfile.ZipInfo(name, STAMP)
            item.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(item, text)
    charges = CHARGES + ',date_outcome\n' + ''.join(line(new[:-1]) for _, new in rows)
    mapping = {'kind': 'case-level', 'tables': [{
        'table': 'charges', 'sheet': 'Export', 'header': [1, 1],
        'columns': {
            'case_id': {'from': 'Column 1'}, 'defendant_id': {'from': 'Column 2'}, 'country': {'from': 'Column 4'},
            'statute': {'from': 'Column 5'},
            'date_charged': {'from': 'Column 6'}, 'outcome': {'from': 'Column 7'}, 'date_outcome': {'from': 'Column 8'},
        },
        'left_out': ['Column 3', 'Column 9', 'Column 10'],
    }]}
    write_case('10-by-content', package('messy-10', 'Made-up cases 10'), mapping, {'charges': charges, 'statutes': statutes('KAZ-EX-274', 'TUR-EX-299')}, {
        'file': 'sheet.xlsx', 'rows': 4, 'refused': [],
        'warnings': ['column_left_out', 'sheet_not_chosen'],
        'asked': ['all columns, found by content'],
        'marks': ['900101300001', '+7 (700) 000-00-01'],
        'note': 'Column 3 has made-up numbers in the form of an IIN and column 10 telephone numbers: both are noticed by their shape, and left out',
    })


# ---------------------------------------------------------------------------------------------------- refused

def refused():
    folder = HERE / 'refused'
    folder.mkdir(exist_ok=True)
    found = {}
    book = workbook()
    put(book.active, 1, ['case_id', 'defendant_id', 'country', 'statute', 'date_charged', 'outcome'])
    put(book.active, 2, ['C-1', 'D-1', 'KAZ', 'KAZ-EX-274', '2020', 'pending'])
    plain = io.BytesIO()
    book.save(plain)
    # A password. What encrypts takes random numbers, so these bytes are made once and kept.
    locked = folder / 'password.xlsx'
    if not locked.exists():
        plain.seek(0)
        with locked.open('wb') as out:
            msoffcrypto.OfficeFile(plain).encrypt('made up', out)
    found['password.xlsx'] = 'sheet_password'
    manifest = ('<?xml version="1.0" encoding="UTF-8"?>\n<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">'
                '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
                '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml" manifest:size="100"><manifest:encryption-data manifest:checksum-type="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0#sha256-1k" manifest:checksum="AAAA">'
                '<manifest:algorithm manifest:algorithm-name="http://www.w3.org/2001/04/xmlenc#aes256-cbc" manifest:initialisation-vector="AAAA"/></manifest:encryption-data></manifest:file-entry></manifest:manifest>')
    with zipfile.ZipFile(folder / 'password.ods', 'w') as out:
        for name, data in (('mimetype', b'application/vnd.oasis.opendocument.spreadsheet'), ('content.xml', bytes(range(256)) * 4), ('META-INF/manifest.xml', manifest.encode())):
            out.writestr(zipfile.ZipInfo(name, STAMP), data)
    found['password.ods'] = 'sheet_password'

    # Bombs: 96 MiB of spaces, a thousand times what they are packed to, in one part of a workbook, and in one file of a package.
    def bomb(path, parts, large):
        with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED, compresslevel=9) as out:
            for name, data in parts:
                item = zipfile.ZipInfo(name, STAMP)
                item.compress_type = zipfile.ZIP_DEFLATED
                if name == large:
                    with out.open(item, 'w', force_zip64=False) as stream:
                        stream.write(data)
                        for _ in range(24):
                            stream.write(b' ' * (4 << 20))
                else:
                    out.writestr(item, data)
    plain.seek(0)
    with zipfile.ZipFile(plain) as old:
        parts = [(item.filename, old.read(item)) for item in old.infolist()]
    parts = [(name, re.sub(rb'(<dcterms:modified[^>]*>)[^<]*', rb'\g<1>2026-01-02T00:00:00Z', data) if name == 'docProps/core.xml' else data) for name, data in parts]
    head = dict(parts)['xl/worksheets/sheet1.xml'].split(b'</sheetData>')[0]
    bomb(folder / 'bomb.xlsx', [(name, head if name == 'xl/worksheets/sheet1.xml' else data) for name, data in parts], 'xl/worksheets/sheet1.xml')
    found['bomb.xlsx'] = 'sheet_bomb'
    descriptor = package('bomb', 'A bomb')
    descriptor['resources'] = [{'name': 'charges', 'path': 'charges.csv'}, {'name': 'statutes', 'path': 'statutes.csv'}]
    inside = [('datapackage.json', json.dumps(descriptor).encode()), ('statutes.csv', statutes('KAZ-EX-274').encode()), ('charges.csv', (CHARGES + '\n').encode())]
    bomb(folder / 'bomb.zip', inside, 'charges.csv')
    found['bomb.zip'] = 'zip_bomb'
    # A name that leads out of the package, and one name twice.
    for name, code, extra in (('leads-out.zip', 'zip_path', '../charges.csv'), ('twice.zip', 'zip_twice', 'charges.csv')):
        import warnings
        with warnings.catch_warnings():
            warnings.simplefilter('ignore')
            with zipfile.ZipFile(folder / name, 'w') as out:
                for own, data in inside + [(extra, b'x\n')]:
                    out.writestr(zipfile.ZipInfo(own, STAMP), data)
        found[name] = code
    with zipfile.ZipFile(folder / 'no-descriptor.zip', 'w') as out:
        out.writestr(zipfile.ZipInfo('charges.csv', STAMP), inside[2][1])
    found['no-descriptor.zip'] = 'zip_no_descriptor'
    # Other formats, told by their first bytes or their parts.
    (folder / 'old.xls').write_bytes(b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' + bytes(504) + 'Workbook'.encode('utf-16-le') + bytes(496))
    found['old.xls'] = 'sheet_other.xls'
    for name, code, member in (('apple.numbers', 'sheet_other.numbers', 'Index/Document.iwa'), ('letter.docx', 'sheet_other.document', 'word/document.xml'), ('binary.xlsb', 'sheet_other.xlsb', 'xl/workbook.bin')):
        with zipfile.ZipFile(folder / name, 'w') as out:
            out.writestr(zipfile.ZipInfo(member, STAMP), b'made up')
        found[name] = code
    # Damage: cut off in the middle; XML that does not end; a formula that was never computed.
    whole = (HERE / '02-two-header-rows/sheet.xlsx').read_bytes()
    (folder / 'cut.xlsx').write_bytes(whole[:len(whole) // 2])
    found['cut.xlsx'] = 'sheet_damaged'
    with zipfile.ZipFile(folder / 'broken-xml.xlsx', 'w') as out:
        for name, data in parts:
            out.writestr(zipfile.ZipInfo(name, STAMP), data[:len(data) // 2] if name == 'xl/worksheets/sheet1.xml' else data)
    found['broken-xml.xlsx'] = 'sheet_damaged'
    with zipfile.ZipFile(folder / 'entities.xlsx', 'w') as out:
        lol = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        for name, data in parts:
            if name == 'xl/worksheets/sheet1.xml':
                data = data.replace(b'?>', b'?>' + lol.encode(), 1) if b'?>' in data[:80] else lol.encode() + data
                data = data.replace(b'<sheetData>', b'<sheetData><row r="9"><c r="A9" t="inlineStr"><is><t>&b;</t></is></c></row>', 1)
            out.writestr(zipfile.ZipInfo(name, STAMP), data)
    found['entities.xlsx'] = 'sheet_damaged'
    book = workbook()
    put(book.active, 1, ['case_id', 'defendant_id', 'country', 'statute', 'date_charged', 'outcome'])
    put(book.active, 2, ['="C-"&1', 'D-1', 'KAZ', 'KAZ-EX-274', '2020', 'pending'])
    book.save(folder / 'formula-without-value.xlsx')
    rezip(folder / 'formula-without-value.xlsx')
    found['formula-without-value.xlsx'] = 'sheet_formula_empty'
    book = workbook()
    book.save(folder / 'empty.xlsx')
    rezip(folder / 'empty.xlsx')
    found['empty.xlsx'] = 'sheet_no_table'
    found['full.xlsx'] = 'sheet_full (a warning; made by --full, not committed)'
    if '--full' in sys.argv:
        full(folder / 'full.xlsx')
    (folder / 'expected.json').write_text(json.dumps(found, indent=2) + '\n')


def full(path):
    """A sheet filled to its last row, as Excel leaves it when a longer CSV is opened: 1,048,575 charges below the header."""
    plain = io.BytesIO()
    book = workbook()
    put(book.active, 1, CHARGES.split(','))
    book.save(plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as out:
        for item in old.infolist():
            data = old.read(item)
            if item.filename != 'xl/worksheets/sheet1.xml':
                out.writestr(zipfile.ZipInfo(item.filename, STAMP), data, zipfile.ZIP_DEFLATED)
                continue
            before, after = data.split(b'</sheetData>')
            one = zipfile.ZipInfo(item.filename, STAMP)
            one.compress_type = zipfile.ZIP_DEFLATED
            with out.open(one, 'w') as stream:
                stream.write(before)
                text = lambda cell: f'<c t="inlineStr"><is><t>{cell}</t></is></c>'
                for row in range(2, 1_048_577):
                    stream.write((f'<row r="{row}">' + text(f'C-{row}') + text(f'D-{row % 700_001}') + text('KAZ') + text('KAZ-EX-274') + f'<c><v>{2000 + row % 25}</v></c>' + text('pending') + '</row>').encode())
                stream.write(b'</sheetData>' + after)


for name in sorted(HERE.glob('[01][0-9]-*')):
    shutil.rmtree(name)
for make in (case_01, case_02, case_03, case_04, case_05, case_06, case_07, case_08, case_09, case_10, refused):
    make()
sums = {str(path.relative_to(HERE)): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(HERE.rglob('*')) if path.is_file() and path.suffix not in ('.py', '.md') and path.name not in ('SHA256SUMS', 'full.xlsx')}
(HERE / 'SHA256SUMS').write_text(''.join(f'{digest}  {name}\n' for name, digest in sums.items()))
print(len(sums), 'files')
