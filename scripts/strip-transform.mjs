// Jest transform: Node's own type stripping, so tests run the same code that `node src/main.ts` runs.
// `sourceMap` and `sourceUrl` stay off: stripping keeps every line and column, and a source URL turns v8 coverage into 0 %.
import { createHash } from 'node:crypto';
import { stripTypeScriptTypes } from 'node:module';

export default {
  getCacheKey: (source, file) => createHash('sha256').update(process.version).update(file).update(source).digest('hex'),
  process: (source) => ({ code: stripTypeScriptTypes(source, { mode: 'strip' }) }),
};
