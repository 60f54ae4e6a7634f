import type { Known } from './known.ts';

/** Nix, Bazel, Cabal. */
export const BUILDERS: readonly Known[] = [
  {
    pattern:
      /hash mismatch in fixed-output derivation '(?:\/nix\/store\/(?:[a-z0-9]{1,40}-)?)?(?<drv>[^']{1,120}?)(?:\.drv)?'/u,
    headline: 'The hash of a download does not fit its Nix expression: {drv}',
    cause: 'The content at the address is another one than the expression was written for.',
    next: 'If the new content is wanted, put the hash that the log shows after "got:" into the expression.',
    weight: 9.5,
    category: 'dependency',
  },
  {
    pattern:
      /(?:builder for|Cannot build) '(?:\/nix\/store\/(?:[a-z0-9]{1,40}-)?)?(?<drv>[^']{1,120}?)(?:\.drv)?'(?: failed with exit code (?<code>\d{1,3}))?/u,
    headline: 'The Nix build of {drv} fails',
    cause: 'The last lines of its own log say why.',
    next: 'See the whole log of the build locally: nix log, with the path that the message names.',
    weight: 7.5,
    category: 'compile',
  },
  {
    pattern: /no such (?<what>target|package) '(?<label>[^']{2,120})'/u,
    headline: "Bazel knows no {what} '{label}'",
    cause: 'A BUILD file or the command refers to it, and no BUILD file declares it.',
    next: 'Correct the label where the message names it, or add what it refers to.',
    weight: 9.2,
    category: 'compile',
  },
  {
    pattern: /^\[__\d{1,3}\] rejecting: .{1,100}?\(conflict: (?<why>.{3,150}?)\)/u,
    headline: 'Cabal cannot fit the dependencies together: {why}',
    cause: 'Two packages ask for versions of a third that no release can satisfy together.',
    next: 'Loosen the bounds that the log names, or choose another snapshot or compiler.',
    weight: 9.2,
    category: 'dependency',
  },
];
