import { fromHex, toHex } from '../common/bytes.ts';
import { idLength, type ObjectId } from '../common/ids.ts';

/**
 * A framed body is frames one after the other, nothing before, between or behind them; its Content-Length is known.
 * Frame = id (16 bytes) ‖ length (u32, big-endian) ‖ that many bytes. In an answer, length 0 says "not held"; an object
 * never has length 0. The frame of id zero is not an object: in an append it comes first and holds the entry as JSON.
 */
export const frameHeaderLength = idLength + 4;

/** Names the frame that holds an append's entry. */
export const entryFrameId = '00000000000000000000000000000000' as ObjectId;

interface FrameHeader {
  readonly id: ObjectId;
  readonly length: number;
}

export function encodeFrameHeader(id: ObjectId, length: number): Uint8Array {
  const bytes = new Uint8Array(frameHeaderLength);
  bytes.set(fromHex(id) ?? new Uint8Array(idLength));
  for (let at = 0; at < 4; at++) bytes[idLength + at] = length >>> (24 - 8 * at);
  return bytes;
}

/** `bytes` holds a whole frame header at `at`. */
export function decodeFrameHeader(bytes: Uint8Array, at = 0): FrameHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, frameHeaderLength);
  return { id: toHex(bytes.subarray(at, at + idLength)) as ObjectId, length: view.getUint32(idLength) };
}

export interface Frame {
  readonly id: ObjectId;
  readonly bytes: Uint8Array;
}

/** The frames from its beginning, as windows on it, and where the last whole one ends. */
function framesFrom(body: Uint8Array): { readonly frames: Frame[]; readonly end: number } {
  const frames: Frame[] = [];
  let end = 0;
  while (body.length - end >= frameHeaderLength) {
    const { id, length } = decodeFrameHeader(body, end);
    const start = end + frameHeaderLength;
    if (length > body.length - start) break;
    end = start + length;
    frames.push({ id, bytes: body.subarray(start, end) });
  }
  return { frames, end };
}

/** The frames of a whole body, as windows on it; null if it does not end where a frame ends. */
export function parseFrames(body: Uint8Array): Frame[] | null {
  const { frames, end } = framesFrom(body);
  return end === body.length ? frames : null;
}

/** What a body that ends too early has of whole frames, as bytes of their own; null if there is none. */
export function wholeFrames(body: Uint8Array): Uint8Array | null {
  const { end } = framesFrom(body);
  return end === 0 ? null : body.slice(0, end);
}
