import type { FailingTest } from '../../domain/diagnosis.ts';
import { oneLine } from './text.ts';

/** A test as people speak of it. */
export interface NamedTest {
  /** The class, module or describe block; null where the name tells of none. */
  readonly suite: string | null;
  /** Without suite and package. */
  readonly own: string;
  /** With its suite, as the tool writes it, but without packages and folders. */
  readonly full: string;
  readonly test: FailingTest;
}

type Parts = Pick<NamedTest, 'suite' | 'own' | 'full'>;

/** Each test once: tools name the same one in their progress, in their summary and with a line number. */
export function nameTests(tests: readonly FailingTest[]): NamedTest[] {
  const found = new Map<string, NamedTest>();
  for (const whole of tests) {
    if (NO_TEST.test(whole.name)) continue;
    const test = apart(whole);
    const named = { ...partsOf(oneLine(test.name)), test };
    const key = keyOf(named);
    const known = [...found].find(([other]) => isSame(other, key));
    if (known === undefined) found.set(key, named);
    else found.set(known[0], richer(known[1], named));
  }
  return withoutParents([...found.values()]);
}

/** Complaints about a place in a file or a commit message, which linters mark as runners mark tests. */
const NO_TEST =
  /^(?:\d{1,6}:\d{1,6}\s|(?:subject|type|header|body|scope|footer)\b.{0,40} (?:may|must|should) |found \d{1,6} problems)/u;

/** Xcode's formatters put what failed behind the name: `testAdds, XCTAssertEqual failed: …` */
function apart(test: FailingTest): FailingTest {
  const match = /^(?<name>test\w{1,200}), (?<message>.{4,300})$/u.exec(test.name)?.groups;
  return match === undefined
    ? test
    : { ...test, name: match['name'] ?? test.name, message: test.message ?? match['message'] ?? null };
}

function keyOf({ suite, own }: NamedTest): string {
  const bare = own.replace(/(?:\(\)|:\d{1,6})$/u, '').toLowerCase();
  return `${suite?.toLowerCase() ?? ''}\n${bare}`;
}

function isSame(a: string, b: string): boolean {
  const [suiteA = '', ownA = ''] = a.split('\n');
  const [suiteB = '', ownB = ''] = b.split('\n');
  return ownA === ownB && (suiteA === suiteB || suiteA === '' || suiteB === '');
}

function richer(a: NamedTest, b: NamedTest): NamedTest {
  const better = a.suite === null && b.suite !== null ? b : a;
  const { file, line, message } = a.test;
  return {
    ...better,
    test: { ...better.test, file: file ?? b.test.file, line: line ?? b.test.line, message: message ?? b.test.message },
  };
}

/** A parent fails because its child does: Go names both, and sums up classes beside their methods. */
function withoutParents(tests: readonly NamedTest[]): NamedTest[] {
  return tests.filter(
    ({ test: { name } }) =>
      !tests.some(
        ({ test: other }) => /^[/.#]$/u.test(other.name.slice(name.length).charAt(0)) && other.name.startsWith(name),
      ),
  );
}

function partsOf(name: string): Parts {
  for (const read of READERS) {
    const parts = read(name);
    if (parts !== null) return parts;
  }
  return { suite: null, own: name, full: name };
}

const lastOf = (path: string): string => path.split(/[.\\]|::/u).findLast((part) => part !== '') ?? path;

const READERS: ReadonlyArray<(name: string) => Parts | null> = [
  xcode,
  withClassBehind,
  phpunit,
  pytestId,
  gradle,
  rubyOrJavaMember,
  dotted,
];

/** `-[ShopTests.CartTests testAdds]` */
function xcode(name: string): Parts | null {
  const match = /^-?\[?(?<path>[\w.]{1,150}) (?<own>test\w{1,150})\]?$/u.exec(name)?.groups;
  if (match === undefined) return null;
  const suite = lastOf(match['path'] ?? '');
  return { suite, own: match['own'] ?? name, full: `${suite}.${match['own'] ?? ''}` };
}

/** `adds(shop.CartTest)`, `test_adds (shop.tests.CartTest.test_adds)`, `test adds (Shop.CartTest)` */
function withClassBehind(name: string): Parts | null {
  const match = /^(?<own>\S.{0,250}?) ?\((?<path>(?:[\w[\]]{1,80}\.){1,12}\w{1,120}|[A-Z]\w{2,120}Tests?)\)$/u.exec(
    name,
  )?.groups;
  if (match === undefined) return null;
  const own = (match['own'] ?? '').replace(/^test (?=\S+ )/u, '');
  const path = (match['path'] ?? '').split('.').filter((part, index, all) => index < all.length - 1 || part !== own);
  const suite = path.at(-1) ?? null;
  return { suite, own, full: own.includes(' ') ? own : `${suite}.${own}` };
}

/** `Shop\Tests\CartTest::testAdds with data set "big" (1, 2)` */
function phpunit(name: string): Parts | null {
  const match =
    /^(?<path>(?:\w{1,80}\\){1,12}\w{1,120})::(?<own>\w{1,150})(?<set> with data set (?:#\d{1,6}|"[^"]{1,80}"))?/u.exec(
      name,
    )?.groups;
  if (match === undefined) return null;
  const suite = lastOf(match['path'] ?? '');
  const own = `${match['own'] ?? ''}${match['set'] ?? ''}`;
  return { suite, own, full: `${suite}::${own}` };
}

/** `tests/test_cart.py::TestCart::test_adds[2]` */
function pytestId(name: string): Parts | null {
  const match = /^(?<file>[\w./-]{1,200}\.py)::(?:(?<suite>\w{1,120})::)?(?<own>\S.{0,250})$/u.exec(name)?.groups;
  if (match === undefined) return null;
  const { suite = null, own = name } = match;
  return { suite: suite ?? null, own, full: suite === undefined || suite === null ? own : `${suite}::${own}` };
}

/** `shop.CartTest > adds()`, with parameters `shop.CartTest > adds(int) > shop.CartTest.adds(int)[3]` */
function gradle(name: string): Parts | null {
  const match = /^(?<path>(?:[a-z_]\w{0,60}\.){0,12}[A-Z][\w$]{0,120}) > (?<own>\S.{0,250})$/u.exec(name)?.groups;
  if (match === undefined) return null;
  const suite = lastOf(match['path'] ?? '');
  // TestNG's suites stand where the class should, and the class in the name.
  const last = (match['own'] ?? '').split(' > ').at(-1) ?? '';
  const isWhole = /^(?:[a-z]\w{0,60}\.){1,12}[A-Z]\w{0,120}\.\w/u.test(last);
  if (isWhole && !last.startsWith(`${match['path'] ?? ''}.`)) return partsOf(last);
  const [own = '', ...cells] = (match['own'] ?? '').split(' > ');
  const cell =
    cells.length === 0 ? '' : (/\[[^\]]{1,60}\]$/u.exec(cells.at(-1) ?? '')?.[0] ?? ` > ${cells.join(' > ')}`);
  const short = `${own.replace(/\([^)]{1,200}\)$/u, '()')}${cell}`;
  return { suite, own: short, full: `${suite} > ${short}` };
}

/** `TestCart#test_adds`, `shop.CartTest#adds` */
function rubyOrJavaMember(name: string): Parts | null {
  const match = /^(?<path>[A-Za-z_][\w.:$]{1,150})#(?<own>\S.{0,200})$/u.exec(name)?.groups;
  if (match === undefined) return null;
  const suite = lastOf(match['path'] ?? '');
  return { suite, own: match['own'] ?? name, full: `${suite}#${match['own'] ?? ''}` };
}

/** `com.shop.CartTest.adds`, `CartTest.adds:31`, `Shop.Tests.CartTest.Adds(count: 2)`, `CartTest.Adds/0`, `tests::cart::adds`, `TestCart.test_adds` */
function dotted(name: string): Parts | null {
  const match =
    /^(?<path>(?:[A-Za-z_][\w$-]{0,80}(?:\.|::)){1,14})(?<own>[A-Za-z_<][\w$<>-]{0,150})(?<rest>(?:[([/].{0,300})?)(?::\d{1,6})?(?: ?[»].{0,200})?$/u.exec(
      name,
    )?.groups;
  if (match === undefined) return null;
  const { path = '', own = '', rest = '' } = match;
  const separator = path.includes('::') ? '::' : '.';
  const folders = path.split(separator).filter((part) => part !== '');
  const isClass = separator === '.' && /^[A-Z]/u.test(own) && folders.every((part) => /^[a-z_]/u.test(part));
  if (isClass) return { suite: own, own: `${own}${rest}`, full: `${own}${rest}` };
  const suite = folders.findLast((part) => separator === '.' || !/^tests?$/u.test(part)) ?? null;
  const short = `${own}${rest}`;
  const full = separator === '::' ? `${path}${short}` : `${suite}.${short}`;
  return { suite, own: short, full };
}
