import { type Fields, isFields } from '../fields.ts';

/** Collects what is wrong, at the JSON pointer that it stands at. */
export interface Report {
  pointer: string;
  problems: string[];
}

/** Looks at one value and reports. Rules are built from smaller ones, so that they read as a table. */
export type Rule = (value: unknown, report: Report) => void;

export function fail(report: Report, problem: string): void {
  report.problems.push(`[ERROR] ${problem} [json-pointer:${report.pointer}]`);
}

export function at(report: Report, key: string | number): Report {
  return { pointer: `${report.pointer}/${key}`, problems: report.problems };
}

/** A string of `min` (1) to `max` characters. */
export function text(max: number, min = 1): Rule {
  return (value, report) => {
    if (typeof value !== 'string') fail(report, 'must be a string');
    else if (value.length > max) fail(report, `must be less than ${max + 1} characters`);
    else if (value.length < min) fail(report, `must be more than ${min - 1} characters`);
  };
}

export const flag: Rule = (value, report) => {
  if (typeof value !== 'boolean') fail(report, 'must be a boolean');
};

export function integer(min: number, max: number): Rule {
  return (value, report) => {
    if (typeof value !== 'number' || !Number.isInteger(value)) fail(report, 'must be an integer');
    else if (value < min || value > max) fail(report, `must be between ${min} and ${max}`);
  };
}

export function oneOf(...allowed: ReadonlyArray<string | number>): Rule {
  return (value, report) => {
    const known = (typeof value === 'string' || typeof value === 'number') && allowed.includes(value);
    if (!known) fail(report, `must be one of: ${allowed.join(', ')}`);
  };
}

/** A string of a form that Slack checks, such as a date. */
export function matching(pattern: RegExp, problem: string): Rule {
  return (value, report) => {
    if (typeof value !== 'string' || !pattern.test(value)) fail(report, problem);
  };
}

export function url(max: number): Rule {
  return (value, report) => {
    if (typeof value !== 'string' || !URL.canParse(value)) fail(report, 'must be a valid URL');
    else if (value.length > max) fail(report, `must be less than ${max + 1} characters`);
  };
}

export function listOf(rule: Rule, range: { max: number; min?: number }): Rule {
  const min = range.min ?? 1;
  return (value, report) => {
    if (!Array.isArray(value)) {
      fail(report, 'must be an array');
      return;
    }
    if (value.length > range.max) fail(report, `no more than ${range.max} items allowed`);
    if (value.length < min) fail(report, `no less than ${min} items allowed`);
    for (const [index, item] of value.entries()) rule(item, at(report, index));
  };
}

export interface Shape {
  required?: Record<string, Rule>;
  optional?: Record<string, Rule>;
  /** What no single field can say. */
  also?: (value: Fields, report: Report) => void;
}

/** An object with these fields and no others. */
export function shape({ required = {}, optional = {}, also }: Shape): Rule {
  return (value, report) => {
    if (!isFields(value)) {
      fail(report, 'must be an object');
      return;
    }
    for (const name of Object.keys(required)) {
      if (value[name] === undefined) fail(report, `missing required field: ${name}`);
    }
    for (const [name, field] of Object.entries(value)) {
      const rule = required[name] ?? optional[name];
      if (!rule) fail(report, `invalid additional property: ${name}`);
      else if (field !== undefined) rule(field, at(report, name));
    }
    also?.(value, report);
  };
}

/** An object whose `type` says which rule it obeys. */
export function byType(rules: () => Readonly<Record<string, Rule>>, allowed?: readonly string[]): Rule {
  return (value, report) => {
    if (!isFields(value)) {
      fail(report, 'must be an object');
      return;
    }
    const type = value['type'];
    if (typeof type !== 'string') {
      fail(report, 'missing required field: type');
      return;
    }
    const table = rules();
    const rule = Object.hasOwn(table, type) && (allowed?.includes(type) ?? true) ? table[type] : undefined;
    if (rule) rule(value, report);
    else fail(at(report, 'type'), `unsupported type: ${type}`);
  };
}

/** Needs at least one of the fields. */
export function anyOf(...names: readonly string[]): (value: Fields, report: Report) => void {
  return (value, report) => {
    if (!names.some((name) => value[name] !== undefined))
      fail(report, `must provide at least one of: ${names.join(', ')}`);
  };
}

/** Accepts what is checked elsewhere. */
export const anything: Rule = () => undefined;
