import type { SqlEntityManager } from '@mikro-orm/sql';
import { z } from 'zod';

/** Values of `$1`, `$2`, …; json goes in as text. */
export type Parameter = string | number | boolean | Buffer | null;

/**
 * A statement that the server plans once for each connection, and knows by its name from then on. Worth it where planning takes
 * longer than running, for a text that never varies.
 */
export interface Prepared {
  name: string;
  text: string;
}

/** Runs single statements on the driver itself: a fraction of the ORM's cost, for what runs at every delivery and job. */
export interface Statements {
  /** One statement, which is a transaction of its own. */
  query<Row>(row: z.ZodType<Row>, statement: string | Prepared, parameters: readonly Parameter[]): Promise<Row[]>;
}

/** As much of a driver as we use: both give rows as objects. */
export interface Driver {
  query(statement: string | Prepared, parameters: unknown[]): Promise<{ rows: unknown[] }>;
}

export function createStatements(driver: Driver): Statements {
  return {
    async query(row, statement, parameters) {
      const { rows } = await driver.query(statement, [...parameters]);
      return z.array(row).parse(rows);
    },
  };
}

/** Runs a statement with `?` parameters where `em` is: in its transaction, if it has one. */
export async function execute<Row>(
  em: SqlEntityManager,
  row: z.ZodType<Row>,
  { text, parameters }: { text: string; parameters: Array<Parameter | Date> },
): Promise<Row[]> {
  return z.array(row).parse(await em.execute(text, parameters, 'all'));
}
