const illegal = /[<>:"|?*\\/]/;
const device = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3])(?:\.|$)/i;

const hasControl = (name: string): boolean => {
  for (let i = 0; i < name.length; i++) if (name.charCodeAt(i) < 32) return true;
  return false;
};

/** Windows takes it for the plain name of a file: no drive, stream, device, separator, nor an end that it would cut off. */
export const isWindowsName = (name: string): boolean =>
  !illegal.test(name) && !hasControl(name) && !/[. ]$/.test(name) && !device.test(name.replace(/ +(?=\.|$)/, ''));
