import type { Known } from './known.ts';

/** Maven, Gradle, sbt, Ant. */
export const JVM: readonly Known[] = [
  {
    pattern:
      /Could not (?:find artifact|transfer artifact) (?<artifact>[\w.:-]{3,150}) (?:in|from\/to) (?<where>[\w.-]{1,60})/u,
    headline: 'Maven cannot get {artifact} from {where}',
    cause: 'The repository does not have that version, was away, or does not let the job read it.',
    next: 'Check the version in pom.xml and the list of repositories; if the repository was away, re-run the failed jobs.',
    weight: 9,
  },
  {
    pattern: /Could not resolve dependencies for project (?<project>[\w.:-]{3,150})/u,
    headline: 'Maven cannot resolve the dependencies of {project}',
    cause: 'At least one artifact is in none of the repositories that Maven asked, or could not be downloaded.',
    next: 'Check the artifact and version that the log names in pom.xml; if a repository was away, re-run the failed jobs.',
    weight: 8.5,
  },
  {
    pattern: /Non-resolvable (?:parent|import) POM (?:for )?(?<project>[\w.:-]{3,120})?/u,
    headline: 'Maven cannot find the parent POM of {project|the project}',
    cause: 'The parent is neither in the checkout nor in a repository that Maven asks.',
    next: 'Check version and relativePath of the parent in pom.xml.',
    weight: 9,
  },
  {
    pattern: /Could not (?:find|resolve) (?<artifact>[\w.-]{2,80}:[\w.-]{2,80}(?::[\w.+-]{1,60})?)\.?/u,
    headline: 'Gradle cannot find {artifact}',
    cause: 'None of the repositories of the build has that version, or they could not be reached.',
    next: 'Check the version in the build file and the list of repositories; if one was away, re-run the failed jobs.',
    weight: 8.5,
  },
  {
    pattern: /Unsupported class file major version (?<major>\d{2})/u,
    headline: 'The build tool does not support the Java version of the job',
    cause: 'Classes of a newer Java (class file version {major}) meet a tool that cannot read them.',
    next: 'Use an older JDK in the workflow, or update Gradle or the plugin to a version that supports it.',
    weight: 9.5,
  },
  {
    pattern: /UnsupportedClassVersionError|has been compiled by a more recent version of the Java Runtime/u,
    headline: 'A class was compiled for a newer Java than the job has',
    cause: 'The JDK of the job is older than the one that a dependency or plugin was compiled for.',
    next: 'Raise the version of Java in the workflow.',
    weight: 9.5,
  },
  {
    pattern:
      /invalid (?:target|source) release:? (?<release>[\d.]{1,4})|release version (?<release>\d{1,2}) not supported|Source option (?<release>\d{1,2}) is no longer supported/u,
    headline: 'The JDK of the job cannot compile for Java {release}',
    cause: 'The build asks for a release of Java that this JDK does not know.',
    next: 'Set the version of Java in the workflow to the one that the build file asks for, or newer.',
    weight: 8.5,
  },
  {
    pattern: /JAVA_HOME is (?:not set|set to an invalid directory)|JAVA_HOME environment variable is not defined/u,
    headline: 'JAVA_HOME does not lead to a JDK',
    cause: 'The build tool found no Java at the place that the variable names.',
    next: 'Add actions/setup-java (or the JDK of the image) before the build.',
    weight: 9,
  },
  {
    pattern: /You have (?<count>\d{1,6}) Checkstyle violations?/u,
    headline: 'Checkstyle finds {count#violation}',
    cause: 'The style of the code is not the one that the project asks for.',
    next: 'Correct the lines that the log names: mvn checkstyle:check',
    weight: 7.5,
  },
  {
    pattern: /Checkstyle rule violations were found/u,
    headline: 'Checkstyle finds violations',
    cause: 'The style of the code is not the one that the project asks for.',
    next: 'Correct the lines that the log names: ./gradlew checkstyleMain checkstyleTest',
    weight: 7,
  },
  {
    pattern: /The following files had format violations/u,
    headline: 'Spotless would reformat files',
    cause: 'They are not formatted as the project asks for.',
    next: 'Format them and commit the result: ./gradlew spotlessApply (or mvn spotless:apply)',
    weight: 8.5,
  },
  {
    pattern: /You have (?<count>\d{1,6}) PMD violations?|PMD (?:Failure|rule violations were found)/u,
    headline: 'PMD finds {count#violation|violations}',
    cause: 'The code breaks rules of the static analysis that the project uses.',
    next: 'Correct the lines that the log names: mvn pmd:check',
    weight: 7,
  },
  {
    pattern: /failed with (?<count>\d{1,6}) bugs? and \d{1,6} errors?/u,
    headline: 'SpotBugs finds {count#bug}',
    cause: 'The static analysis of the project found code that it takes for a bug.',
    next: 'See them with: mvn spotbugs:gui',
    weight: 7,
  },
  {
    pattern: /Too many files with unapproved license: (?<count>\d{1,5})/u,
    headline: '{count#file} without a licence header (RAT)',
    cause: 'Apache RAT asks for a header in each file that it does not leave out.',
    next: 'Add the header to the new files: mvn apache-rat:check',
    weight: 9,
  },
  {
    pattern: /Some files do not have the expected license header/u,
    headline: 'Files have no licence header',
    cause: 'The licence plugin asks for a header in each file that it does not leave out.',
    next: 'Add the headers and commit them: mvn license:format',
    weight: 9,
  },
  {
    pattern:
      /The forked VM terminated without (?:properly )?saying (?:properly )?goodbye|Process 'Gradle Test Executor \d{1,4}' finished with non-zero exit value (?<code>\d{1,5})/u,
    headline: 'The Java process that runs the tests crashed',
    cause:
      'It ended before it could report: a test called System.exit, the machine ran out of memory, or the JVM crashed.',
    next: 'Look for a test that was started last and never ended, and for hs_err files in the workspace.',
    weight: 8,
  },
  {
    pattern: /Gradle build daemon disappeared unexpectedly/u,
    headline: 'The Gradle daemon vanished while it built',
    cause: 'Its process was killed or crashed, mostly for want of memory.',
    next: 'Lower org.gradle.jvmargs or the number of workers, then re-run the failed jobs.',
    weight: 9,
  },
  {
    pattern: /Execution failed for task '(?<task>:[\w:.-]{1,120})'/u,
    headline: 'The Gradle task {task} fails',
    cause: 'The task ended with an error; Gradle gives the reason below "What went wrong".',
    next: 'Run it locally: ./gradlew {task|build} --stacktrace',
    weight: 5,
  },
  {
    pattern:
      /Failed to execute goal [\w.-]{1,80}:(?<plugin>[\w.-]{1,60}?)(?:-maven-plugin|-plugin)?:[\w.-]{1,30}:(?<goal>[\w-]{1,40}) (?:\([\w.-]{1,60}\) )?on project (?<module>[\w.-]{1,80}): (?<why>(?!There are test failures|Compilation failure).{4,300})/u,
    headline: 'Maven fails in {module} ({plugin}:{goal}): {why}',
    cause: 'The plugin {plugin} stopped the build of the module {module}.',
    next: 'Run the goal locally for that module: mvn -pl {module|MODULE} -am verify',
    weight: 5.5,
  },
  {
    pattern:
      /Failed to execute goal .{1,100}surefire.{1,60} on project (?<module>[\w.-]{1,80}): There are test failures/u,
    headline: 'Tests fail in the Maven module {module}',
    cause: 'Surefire reports failing tests; its reports stand in target/surefire-reports of the module.',
    next: 'Run the tests of the module locally: mvn -pl {module|MODULE} -am test',
    weight: 5,
  },
  {
    pattern: /^\((?<task>[\w/ .-]{2,80})\) (?<why>[\w.$]{2,120}(?:Exception|Error|Failed)\b.{0,150})/u,
    headline: 'The sbt task {task} fails: {why}',
    cause: 'sbt stopped at this task; the log says what it complained about.',
    next: 'Run the task locally with sbt and start from the lines shown.',
    weight: 5,
  },
  {
    pattern: /build\.xml:\d{1,6}: Test (?<suite>[\w.$]{2,150}) failed/u,
    headline: 'The tests of {suite} fail (Ant)',
    cause: 'Ant stops the build after a suite with failing tests.',
    next: 'Look into the JUnit report of the suite, then run it alone with Ant.',
    weight: 6,
  },
  {
    pattern: /Could not reserve enough space for/u,
    headline: 'Java cannot start: the machine has not enough memory for its heap',
    cause: 'The heap that is asked for (-Xmx) is larger than what the runner can give.',
    next: 'Ask for a smaller heap, or use a larger runner.',
    weight: 9,
  },
];
