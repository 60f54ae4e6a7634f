import type { FactFormat } from './format.ts';

const test = { kind: 'test' } as const;
const problem = { kind: 'problem' } as const;

/** Test runners, compilers and linters of Java, Kotlin, Scala, Groovy and Clojure. */
export const JVM_FORMATS: readonly FactFormat[] = [
  // Surefire, new: [ERROR] shop.CartTest.total -- Time elapsed: 0.1 s <<< FAILURE!
  {
    ...test,
    literals: ['<<< fail', '<<< err'],
    pattern:
      /^(?!.{0,10}Tests run)(?:\[(?:ERROR|INFO)\] )?(?<test>[\w$]{1,120}(?:\.[\w$]{1,120}){1,14}(?:[[{(].{0,200}?[\])}])?)(?: --)? {1,2}Time elapsed.{0,60}<<< (?:FAILURE|ERROR)!/u,
  },
  // Surefire, old: total(shop.CartTest)  Time elapsed: 0.1 sec  <<< FAILURE!
  {
    ...test,
    literals: ['<<< fail', '<<< err'],
    pattern:
      /^(?!.{0,10}Tests run)(?:\[(?:ERROR|INFO)\] )?(?<test>[\w$].{0,250}?)\((?<suite>[\w$]{1,80}(?:\.[\w$]{1,120}){0,14})\)(?: --)?\s{1,4}(?:Time elapsed.{0,60})?<<< (?:FAILURE|ERROR)!/u,
  },
  // Surefire with a display name: its class stands above
  {
    ...test,
    literals: ['<<< fail', '<<< err'],
    pattern:
      /^(?!.{0,10}Tests run)(?:\[(?:ERROR|INFO)\] )?(?<test>\S.{0,250}?)(?: --)?\s{1,4}Time elapsed.{0,60}<<< (?:FAILURE|ERROR)!/u,
    above: {
      pattern: /Tests run:.{1,120}<<< (?:FAILURE|ERROR)! -{1,2} in (?<suite>[\w$.]{1,200})$/u,
      within: 400,
    },
  },
  // Surefire's summary: CartTest.total:12->Base.check:5 expected: <90> but was: <81>
  {
    ...test,
    literals: ['test', 'spec', '[error]   ', 'it.', 'case'],
    pattern:
      /^(?:\[ERROR\] )? {2,6}(?:Run \d{1,3}: )?(?<suite>[A-Z][\w$]{1,120})\.(?<test>[\w$]{2,160}(?:[[{].{0,120}?[\]}])?)(?::(?<row>\d{1,6}))?(?:->[\w$.]{1,160}(?::\d{1,6})?){0,6}(?: (?<message>(?!\d{1,4} ms\b).{1,400}))?$/u,
    above: {
      pattern: /^(?:\[ERROR\] )?(?:Failed tests:|Tests in error:|Failures:|Errors:)/u,
      within: 2000,
      isNeeded: true,
    },
  },
  // Surefire's summary, older: Failed tests:   total(shop.CartTest): expected:<90> but was:<81>
  {
    ...test,
    literals: ['test'],
    pattern:
      /^(?:Failed tests:|Tests in error:)?\s{2,6}(?<test>\w{2,160})\((?<suite>[\w$]{1,80}(?:\.[\w$]{1,120}){1,14})\)(?:: (?<message>.{1,300}))?$/u,
    above: { pattern: /Tests run:|^(?:Failed tests:|Tests in error:|Results ?:)/u, within: 400, isNeeded: true },
  },
  // Gradle: CartTest > total FAILED, and TestNG's whole names
  {
    ...test,
    literals: [' failed'],
    pattern:
      /^(?:> Task \S{1,120} )?(?!Tests? |Execution|BUILD|> Task)(?<test>[\w.$ -]{2,200}(?:\[.{1,80}\])?(?: > .{1,240}?){1,8}) FAILED$/u,
  },
  {
    ...test,
    literals: [' failed'],
    pattern:
      /^(?<test>[a-z]\w{0,60}(?:\.\w{1,80}){1,10}\.[A-Z][\w$]{1,120}\.[\w$]{2,160}(?:[[(].{0,200}[\])])?) FAILED$/u,
  },
  // Ant: the case stands above, and its class further up
  {
    ...test,
    literals: ['failed', 'caused an error'],
    pattern: /^(?:\[junit\])?\s{0,12}(?:FAILED|Caused an ERROR)$/u,
    above: {
      pattern: /^(?:\[junit\])?\s{0,12}Testcase: (?<test>\S.{0,200}?)(?:\((?<suite>[\w.$]{1,200})\))?:? took/u,
      within: 1,
      isNeeded: true,
    },
  },
  {
    ...test,
    literals: ['testcase: '],
    pattern:
      /^(?:\[junit\])?\s{0,12}Testcase: (?<test>.{2,200}?)(?:\((?<suite>[\w.$]{1,200})\))?:?\s{1,4}(?:FAILED|Caused an ERROR)/u,
  },
  {
    ...test,
    literals: ['junit jupiter:', 'junit vintage:'],
    pattern: /^(?:\[junit\])?\s{0,12}JUnit (?:Jupiter|Vintage):(?<suite>[\w.$]{2,200}):(?<test>.{2,200})$/u,
  },
  // ScalaTest, MUnit, sbt's JUnit
  {
    ...test,
    literals: ['*** failed ***'],
    pattern: /^(?:\[\w{1,6}\] )?\s{0,12}[-+*]?\s?(?<test>.{2,300}?) \*\*\* FAILED \*\*\*(?: \(.{1,60}\))?/u,
  },
  {
    ...test,
    literals: ['==> x '],
    pattern:
      /^(?:\[\w{1,6}\] )?==> X (?<test>\S.{2,300}?)(?: {1,2}\d{1,6}(?:\.\d{1,6})?s)?(?: (?<message>\w{1,40}(?:\.\w{1,60}){1,8}.{0,300}))?$/u,
  },
  {
    ...test,
    literals: ['test '],
    pattern:
      /^(?:\[\w{1,6}\] ){0,3}Test (?<test>[\w$]{1,100}(?:\.[\w$]{1,160}){1,12}(?:\(.{0,80}\))?) failed: (?<message>.{1,300}?)(?:, took .{1,20})?$/u,
  },
  // specs2 and others under sbt
  {
    ...test,
    literals: ['[error] '],
    pattern: /^\[error\] {1,6}(?:x|!) (?<test>\S.{2,300})$/u,
  },
  // clojure.test
  {
    ...test,
    literals: ['fail in (', 'error in ('],
    pattern: /^(?:FAIL|ERROR) in \((?<test>[^)]{1,200})\) \((?<file>[\w./-]{1,200}):(?<row>-?\d{1,6})\)/u,
  },
  // Checkstyle through Maven: [ERROR] src/Cart.java:[3,7] (indentation) Indentation: message
  {
    ...problem,
    literals: ['.java:['],
    pattern:
      /^\[(?:ERROR|WARN)\] (?<file>(?:[A-Za-z]:)?[\w@./\\ +~-]{1,250}\.java):\[(?<row>\d{1,6})(?:,(?<column>\d{1,6}))?\] \((?<rule>[a-z]{3,20})\) (?<message>[A-Z]\w{2,60}: .{1,400})$/u,
  },
  // javac, and through Maven
  {
    ...problem,
    literals: ['.java:', '.kt:', '.scala:', '.groovy:'],
    pattern:
      /^\[(?:ERROR|error)\] (?:file:\/\/)?(?<file>(?:[A-Za-z]:)?[\w@./\\ +~-]{1,250}\.(?:java|kt|kts|scala|groovy)):(?:\[(?<row>\d{1,6}),(?<column>\d{1,6})\]|(?<line>\d{1,6})(?::(?<place>\d{1,6}))?:) (?:\([\w]{1,30}\) )?(?:error: )?(?<message>.{1,400}?)(?: \[(?<rule>[A-Z]\w{2,80})\])?$/u,
  },
  // Checkstyle through Ant or Gradle: [ant:checkstyle] [ERROR] src/Cart.java:3:7: message [Rule]
  {
    ...problem,
    literals: ['checkstyle] '],
    pattern:
      /^\s{0,8}\[(?:ant:)?checkstyle\] (?:\[ERROR\] )?(?<file>(?:[A-Za-z]:)?[\w@./\\+~-]{1,250}):(?<row>\d{1,6})(?::(?<column>\d{1,6}))?: (?<message>.{1,400}?)(?: \[(?<rule>\w{2,80})\])?$/u,
  },
  // SpotBugs: [ERROR] Medium: message [shop.Cart] At Cart.java:[line 12] RULE
  {
    ...problem,
    literals: ['[line ', '[lines '],
    pattern:
      /^(?:\[(?:ERROR|INFO)\] )?(?:\w{1,12}: )?(?<message>.{1,300}?)(?: \[[\w.$]{1,200}\])? At (?<file>[\w./$-]{1,200}):\[lines? (?<row>\d{1,6}).{0,12}\](?: (?<rule>[A-Z][A-Z0-9_]{2,80}))?/u,
  },
  // Kotlin
  {
    ...problem,
    literals: ['e: '],
    pattern:
      /^(?:\[ERROR\] )?e: (?:file:\/\/)?(?<file>(?:[A-Za-z]:)?[^:()\s]{1,250})(?:: \((?<row>\d{1,6}), (?<column>\d{1,6})\):|:(?<line>\d{1,6}):(?<place>\d{1,6}):?) (?<message>.{1,500})/u,
  },
  // ktlint and detekt: src/Cart.kt:3:7: message (rule)
  {
    ...problem,
    literals: ['.kt:', '.kts:'],
    pattern:
      /^(?:Lint error > )?\s{0,4}(?:\[ERROR\] )?(?<file>(?:[A-Za-z]:)?[\w@./\\+~-]{1,250}\.kts?):(?<row>\d{1,6}):(?<column>\d{1,6}): (?!warning)(?:error: )?(?<message>.{1,400}?)(?: [[(](?:cannot be auto-corrected\) \()?(?<rule>[\w:-]{2,80})[\])])?$/u,
  },
  // Scala 3: [error] -- [E007] Type Mismatch Error: src/Cart.scala:3:7 ------
  {
    ...problem,
    literals: ['error: '],
    pattern:
      /^(?:\[error\] )?-- (?:\[(?<rule>E\d{1,4})\] )?(?<message>[\w ]{0,60}Error): (?<file>[\w./\\+~-]{1,250}):(?<row>\d{1,6}):(?<column>\d{1,6}) -{2,200}/u,
  },
  // Groovy
  {
    ...problem,
    literals: ['.groovy: '],
    pattern: /^(?<file>(?:[A-Za-z]:)?[\w@./\\+~-]{1,250}\.groovy): (?<row>\d{1,6}): (?<message>.{1,300})/u,
  },
  // Clojure
  {
    ...problem,
    literals: ['syntax error '],
    pattern: /^Syntax error .{1,80} at \((?<file>[\w./-]{1,200}):(?<row>\d{1,6}):(?<column>\d{1,6})\)\./u,
    below: { pattern: /^(?<message>\S.{1,300})/u, within: 1 },
  },
];
