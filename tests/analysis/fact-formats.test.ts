import { describe, expect, test } from '@jest/globals';
import { FORMATS } from '../../src/analysis/facts/match.ts';

describe('formats of facts', () => {
  test('have literals in lower case, so that the prefilter finds them', () => {
    const literals = FORMATS.flatMap((format) => format.literals);

    expect(literals.filter((literal) => literal.length < 2 || literal !== literal.toLowerCase())).toEqual([]);
  });
});
