import type { FactFormat } from './format.ts';

const problem = { kind: 'problem' } as const;

/** Containers, infrastructure as code, linters of workflows, shells, prose and links. */
export const TOOL_FORMATS: readonly FactFormat[] = [
  // GitHub's own annotations, where a program inside a container has printed them
  {
    ...problem,
    literals: ['::error file=', '::error '],
    pattern:
      /^\s{0,8}::error (?=[^:]{0,400}file=)(?:title=[^,:]{0,100},)?file=(?<file>[^,:]{1,250})(?:,line=(?<row>\d{1,6}))?(?:,endLine=\d{1,6})?(?:,col(?:umn)?=(?<column>\d{1,6}))?[^:]{0,200}::(?<message>.{1,400})/u,
  },
  // BuildKit: the place stands above, the instruction after >>>
  {
    ...problem,
    literals: ['error: failed to solve'],
    pattern: /^(?:ERROR: )?failed to solve: (?<message>.{1,400})/u,
    above: {
      pattern: /^(?<file>[\w./-]{0,200}(?:Dockerfile|Containerfile)[\w.-]{0,60}):(?<row>\d{1,6})$/u,
      within: 20,
      isNeeded: true,
    },
  },
  // Hadolint
  {
    ...problem,
    literals: [' dl', ' sc'],
    pattern:
      /^(?<file>[\w./-]{1,200}):(?<row>\d{1,6}) (?<rule>(?:DL|SC)\d{4}) (?:error|warning|info|style): (?<message>.{1,300})/u,
  },
  // Terraform and OpenTofu: Error: message, then "on main.tf line 3"
  {
    ...problem,
    literals: ['error: '],
    pattern: /^(?:[│╷] )?Error: (?<message>.{1,300})/u,
    below: {
      pattern: /^(?:[│╷])?\s{1,4}on (?<file>[\w./\\-]{1,200}) line (?<row>\d{1,6})/u,
      within: 6,
      isNeeded: true,
    },
  },
  // Ansible: where it thinks the error is
  {
    ...problem,
    literals: ["error appears to be in '", "error appears to have been in '"],
    pattern:
      /error appears to (?:be|have been) in '(?<file>[^']{1,250})': line (?<row>\d{1,6}), column (?<column>\d{1,6})/u,
    above: { pattern: /^(?:ERROR! |fatal: \[.{1,80}\]: FAILED! => .{0,40}"msg": ")(?<message>.{1,300})/u, within: 4 },
  },
  // Helm
  {
    ...problem,
    literals: ['.yaml:', '.yml:', '.tpl:'],
    pattern:
      /^Error: .{0,120}?\(?(?<file>[\w./-]{1,200}\.(?:ya?ml|tpl)):(?<row>\d{1,6})(?::(?<column>\d{1,6}))?\)?: (?<message>.{1,300})/u,
  },
  // yamllint, parsable
  {
    ...problem,
    literals: ['[error] '],
    pattern:
      /^(?<file>[\w./-]{1,200}):(?<row>\d{1,6}):(?<column>\d{1,6}): \[error\] (?<message>.{1,300}?)(?: \((?<rule>[\w-]{2,60})\))?$/u,
  },
  // actionlint, ansible-lint and others: file.yml:3:7: message [rule]
  {
    ...problem,
    literals: ['.yml:', '.yaml:'],
    pattern:
      /^(?<file>[\w./-]{1,200}\.ya?ml):(?<row>\d{1,6})(?::(?<column>\d{1,6}))?: (?!\[warning\])(?<message>.{1,300}?)(?: \[(?<rule>[\w-]{2,60})\])?$/u,
  },
  // ShellCheck: In build.sh line 3:, and the reason below
  {
    ...problem,
    literals: [' line '],
    pattern: /^In (?<file>\S{1,200}) line (?<row>\d{1,6}):$/u,
    below: {
      pattern: /\^-{0,200}\^? (?<rule>SC\d{4})(?: \(\w{1,10}\))?: (?<message>.{1,300})/u,
      within: 4,
      isNeeded: true,
    },
  },
  // markdownlint
  {
    ...problem,
    literals: [' md0', ' error md0'],
    pattern:
      /^(?<file>[\w./ -]{1,200}\.(?:md|markdown|mdx)):(?<row>\d{1,6})(?::(?<column>\d{1,5}))? (?:error )?(?<rule>MD\d{3})\S{0,60} (?<message>.{1,300})/u,
  },
  // codespell, cspell, typos
  {
    ...problem,
    literals: [' ==> '],
    pattern: /^(?<file>[\w./ -]{1,200}):(?<row>\d{1,6}): (?<message>\S{1,80} ==> .{1,120})$/u,
  },
  {
    ...problem,
    literals: ['unknown word ('],
    pattern:
      /^(?:\.\/)?(?<file>[\w./\\ -]{1,200}):(?<row>\d{1,6}):(?<column>\d{1,6}) - (?<message>Unknown word \([^)]{1,80}\))/u,
  },
  // Links: lychee and markdown-link-check name the file above
  {
    ...problem,
    literals: ['[4', '[5', '[err', '[timeout'],
    pattern: /^\s{0,4}(?:\* )?\[(?:4\d\d|5\d\d|ERR(?:OR)?|TIMEOUT)\] (?<message>(?:<?https?:|file:|mailto:).{1,300})/iu,
    above: {
      pattern: /^(?:\[(?<file>[\w./ -]{1,200})\]:|#{1,4} Errors in (?<document>\S{1,200}))$/u,
      within: 40,
      isNeeded: true,
    },
  },
  {
    ...problem,
    literals: ['[✖] '],
    pattern: /^\s{0,6}\[✖\] (?<message>\S.{1,300})/u,
    above: { pattern: /^\s{0,4}FILE: (?<file>\S{1,200})$/u, within: 200, isNeeded: true },
  },
];
