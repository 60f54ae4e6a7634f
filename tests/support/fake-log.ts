import type { Log } from '../../src/domain/ports.ts';

export interface LogRecord {
  level: 'debug' | 'info' | 'warn' | 'error';
  sentence: string;
  fields: Record<string, unknown>;
}

/** A log that keeps what is written to it and to its children. */
export function fakeLog(): Log & { records: LogRecord[]; at(level: LogRecord['level']): LogRecord[] } {
  const records: LogRecord[] = [];
  const open = (context: object): Log => {
    const write = (level: LogRecord['level']) => (fields: object, sentence: string) => {
      records.push({ level, sentence, fields: { ...context, ...fields } });
    };
    return {
      debug: write('debug'),
      info: write('info'),
      warn: write('warn'),
      error: write('error'),
      child: (fields) => open({ ...context, ...fields }),
    };
  };
  return { ...open({}), records, at: (level) => records.filter((record) => record.level === level) };
}
