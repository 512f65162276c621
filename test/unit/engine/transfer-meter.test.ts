import { expect, test } from 'vitest';
import { transferMeter } from '../../../src/engine/transfer/transfer-meter.ts';
import { handClock } from '../../helpers/vault-context.ts';

function meterWith(bytes: number) {
  const clock = handClock();
  const meter = transferMeter(clock, () => undefined);
  meter.begin(1, bytes);
  return { clock, meter };
}

test('what is on its way is progress and speed, and no more than it is; only what arrives is in the totals', () => {
  const { clock, meter } = meterWith(1000);
  const passage = meter.setOut(800, 1600);
  for (let part = 0; part < 8; part++) {
    passage.moved(200);
    clock.time += 1000;
  }
  passage.moved(100);
  expect(meter.progress()).toMatchObject({ bytesDone: 800, bytesTotal: 1000, bytesPerSecond: 83 });
  expect(meter.totals.bytes).toBe(0);
  passage.end(790, 1580);
  expect(meter.progress()).toMatchObject({ bytesDone: 790, bytesTotal: 1000 });
  expect(meter.totals.bytes).toBe(1580);
});

test('what failed on its way is no progress any more, and no speed', () => {
  const { clock, meter } = meterWith(1000);
  const passage = meter.setOut(800, 800);
  passage.moved(300);
  clock.time += 1000;
  passage.end(0);
  expect(meter.progress()).toMatchObject({ bytesDone: 0, bytesTotal: 1000, bytesPerSecond: 0 });
  expect(meter.totals.bytes).toBe(0);
});

test('runs that go on with what was left count as one, with what moved between them', () => {
  const { meter } = meterWith(1000);
  meter.setOut(300, 300).end(300);
  const passage = meter.setOut(200, 200);
  passage.moved(50);
  // 100 of them were another file, which is done.
  meter.fileDone();
  meter.end(900);
  passage.end(200);
  meter.begin(2, 950);
  expect(meter.progress()).toMatchObject({ filesDone: 1, filesTotal: 3, bytesDone: 500, bytesTotal: 1050 });
  meter.end();
  meter.begin(1, 10);
  expect(meter.progress()).toMatchObject({ bytesDone: 0, bytesTotal: 10 });
});
