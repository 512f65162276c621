import { printable } from '../common/printable.ts';
import type { DeviceInfo } from '../rpc/app-report.ts';
import { type Define, withService } from './command.ts';
import { exitCode } from './exit-code.ts';
import { timeText } from './format.ts';
import { table } from './table.ts';

export const define: Define = (_command, run) => {
  run(async (invocation) => {
    const list = await withService(invocation, (service) => service.devices({}));
    invocation.output.result(list, () => devicesText(list.devices));
    if (list.isOld === true) invocation.output.note('The server could not be asked; this is the last known state.');
    return exitCode.done;
  });
};

function devicesText(devices: readonly DeviceInfo[]): string {
  const rows = devices.map(({ device, name, isThis, addedAt, isRevoked, lastHeardAt, isOverdue }) => [
    device.slice(0, 8),
    printable(name),
    timeText(addedAt),
    lastHeardAt === null ? '' : timeText(lastHeardAt),
    isThis ? 'this device' : isRevoked ? 'removed' : isOverdue ? 'silent: off, or held back by the server' : '',
  ]);
  return table(['DEVICE', 'NAME', 'ADDED', 'LAST HEARD FROM', ''], rows);
}
