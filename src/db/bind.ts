import { createRequire } from 'node:module';

/** The parts of the driver's connection that we use. */
export interface BindingConnection {
  readonly stream: { readonly writable: boolean; write(message: Buffer, written: () => void): unknown };
  bind(config: BindConfig): void;
}

interface BindConfig {
  portal?: string;
  statement?: string;
  values?: readonly unknown[];
  binary?: boolean;
  /** To what goes over the wire: bytes as they are, anything else as text. */
  valueMapper(value: unknown, index: number): Buffer | string | null | undefined;
}

/** The driver's own writer of messages, as pg-protocol 1.16 has it. */
interface Writer {
  readonly buffer: Buffer;
  addInt16(value: number): Writer;
  addInt32(value: number): Writer;
  addCString(text: string): Writer;
  addInt32PrefixedString(text: string): Writer;
  add(bytes: Buffer): Writer;
  /** The message, in the writer's own memory. */
  join(code: number): Buffer;
  clear(): void;
}

const fromOrm = createRequire(createRequire(import.meta.url).resolve('@mikro-orm/postgresql'));
const fromDriver = createRequire(fromOrm.resolve('pg'));
const { Writer }: { Writer: new (size: number) => Writer } = fromDriver('pg-protocol/dist/buffer-writer');

const BIND = 0x42;
const FORMATS = { text: 0, binary: 1 };
const FIRST_BYTES = 64 * 1024;
/** A message of the largest deliveries is not worth keeping memory for. */
const MOST_KEPT_BYTES = 4 * 1024 * 1024;

/**
 * Lets a connection write its Bind messages in memory that it keeps. The driver makes new memory for each message, in steps, and copies
 * what it has at each of them: for a batch of deliveries that costs four times what remains of it here. The message's form:
 * https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-BIND
 */
export function bindInKeptMemory(connection: BindingConnection): void {
  const free: Writer[] = [];
  connection.bind = (config) => {
    const { stream } = connection;
    if (!stream.writable) return;
    const writer = free.pop() ?? new Writer(FIRST_BYTES);
    const release = (): void => {
      writer.clear();
      if (writer.buffer.length <= MOST_KEPT_BYTES) free.push(writer);
    };
    try {
      writeBind(writer, config);
    } catch (error) {
      release();
      throw error;
    }
    stream.write(writer.join(BIND), release); // not before: until then the message may still wait for the network
  };
}

function writeBind(writer: Writer, config: BindConfig): void {
  const { portal = '', statement = '', values = [], binary } = config;
  const mapped = values.map((value, index) => config.valueMapper(value, index));
  writer.addCString(portal).addCString(statement).addInt16(mapped.length);
  for (const value of mapped) writer.addInt16(Buffer.isBuffer(value) ? FORMATS.binary : FORMATS.text);
  writer.addInt16(mapped.length);
  for (const value of mapped) {
    if (value === null || value === undefined) writer.addInt32(-1);
    else if (Buffer.isBuffer(value)) writer.addInt32(value.length).add(value);
    else writer.addInt32PrefixedString(value);
  }
  writer.addInt16(1).addInt16(binary === true ? FORMATS.binary : FORMATS.text);
}
