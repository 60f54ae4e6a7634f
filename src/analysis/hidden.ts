// Text that is not what it looks like: characters that hide, that reorder, and letters of one alphabet that pass for another's.

/** Format and control characters, fillers and selectors that show as nothing; tab and line feed stay. */
const HIDDEN = /(?![\t\n])[\p{Cf}\p{Cc}\p{Variation_Selector}\p{Default_Ignorable_Code_Point}\u2800]/gu;
/** Marks upon marks; two on one letter is as many as any language needs. */
const STACKED = /(\p{M}{2})\p{M}{1,400}/gu;

/** Most lines are that, and nothing can hide in them. */
const PLAIN = /^[\t\n -~]*$/u;

/** Without what cannot be seen. Surrogates without a partner become U+FFFD. */
export function takeOffHidden(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.toWellFormed().replaceAll(HIDDEN, '').replaceAll(STACKED, '$1');
}

/** What the eye takes for these letters. Only what a fence or a mark is spelled with matters, and brackets. */
const LOOKALIKES: Readonly<Record<string, string>> = {
  A: 'ΑАᎪꓮᴀаα',
  B: 'ΒВᏴꓐʙЬ',
  C: 'СϹᏟꓚᴄсϲ',
  D: 'ᎠꓓᴅԁⅮ',
  E: 'ΕЕᎬꓰᴇеєҽ',
  F: 'ϜҒꓝꜰ',
  I: 'ΙІӀꓲı',
  N: 'ΝꓠɴПՈ',
  O: 'ΟОꓳоοօ',
  S: 'ЅꓢѕႽ',
  T: 'ΤТᎢꓔᴛт',
  X: 'ΧХꓫх',
  Y: 'ΥҮꓬу',
  '0': '۰߀٠',
  '1': 'ⅼ۱١',
  '<': '‹⟨〈❮❰˂ᐸ⧼᚜ㄑく',
  '>': '›⟩〉❯❱˃ᐳ⧽᚛',
  '<<': '«≪《⟪⪡',
  '>>': '»≫》⟫⪢',
};
const FOLDS = new Map(
  Object.entries(LOOKALIKES).flatMap(([plain, likes]) => Array.from(likes).map((like) => [like, plain])),
);
const LIKE = new RegExp(`[${[...FOLDS.keys()].join('')}]`, 'gu');

/** As the eye reads it, in capitals: equal for texts that look equal. For comparing only. */
export function fold(text: string): string {
  if (PLAIN.test(text)) return text.toUpperCase();
  return takeOffHidden(text)
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(LIKE, (like) => FOLDS.get(like) ?? like)
    .toUpperCase();
}

/** For comparing a copy with its line: without hidden characters, forms and spaces. Letters stay what they are. */
export function comparable(text: string): string {
  return takeOffHidden(text).normalize('NFKC').replaceAll(/\s/gu, '');
}

const WORD = /[\p{L}\p{M}]{2,200}/gu;

/** Words that mix Latin letters with look-alikes of another alphabet: no language writes so. */
export function mixedWords(text: string): string[] {
  return Array.from(text.matchAll(WORD), ([word]) => word).filter(
    (word) => /\p{Script=Latin}/u.test(word) && /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Cherokee}]/u.test(word),
  );
}
