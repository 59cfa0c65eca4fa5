import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { chunks } from '../run-files.ts';

/** Bytes `start` up to, but not including, `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The span that a Range header asks for; `all` without one, `none` if it cannot be served. */
export function spanOf(header: string | undefined, size: number): Span | 'all' | 'none' {
  if (header === undefined) return 'all';
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header.trim());
  // Several ranges at once, or another unit, may be answered with everything.
  if (!match || (match[1] === '' && match[2] === '')) return 'all';
  if (match[1] === '') {
    const last = Math.min(Number(match[2]), size);
    return last === 0 ? 'none' : { start: size - last, end: size };
  }
  const start = Number(match[1]);
  const end = match[2] === '' ? size : Math.min(Number(match[2]) + 1, size);
  return start < size && end > start ? { start, end } : 'none';
}

/** A file whose part is asked for. */
export interface RangedFile {
  readonly size: number;
  readonly range: string | undefined;
  read(start: number, length: number): Promise<Uint8Array>;
}

/** Sends a file, or the part of it that was asked for. */
export function sendRange(reply: FastifyReply, { size, range, read }: RangedFile): FastifyReply {
  reply.header('accept-ranges', 'bytes');
  const span = spanOf(range, size);
  if (span === 'none') {
    return reply.code(416).header('content-range', `bytes */${size}`).send('');
  }
  const { start, end } = span === 'all' ? { start: 0, end: size } : span;
  if (span !== 'all') {
    reply.code(206).header('content-range', `bytes ${start}-${end - 1}/${size}`);
    reply.header('content-length', end - start);
  }
  return reply.send(Readable.from(chunks(read, start, end)));
}
