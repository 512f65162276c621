export const popupSize = { width: 380, height: 520 };

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where the icon is; most panels of Linux do not say, and then it is where the click was. */
export const anchorOf = (icon: Box, cursor: { readonly x: number; readonly y: number }): Box =>
  icon.width > 0 && icon.height > 0 ? icon : { ...cursor, width: 1, height: 1 };

/** The page of the window that an address of ours means, empty for the first one. */
export const pageOf = (address: string): string => new URL(address).hash.replace(/^#\/?/, '');

/** Beside the icon, on the side where there is room, whole on its screen; as much larger (`zoom`) as what it shows. */
export function popupPlace(icon: Box, area: Box, zoom = 1): Box {
  const width = Math.min(Math.round(popupSize.width * zoom), area.width);
  const height = Math.min(Math.round(popupSize.height * zoom), area.height);
  const middle = icon.x + icon.width / 2 - width / 2;
  const isPanelAbove = icon.y < area.y + area.height / 2;
  const y = isPanelAbove ? icon.y + icon.height : icon.y - height;
  return {
    x: clamp(middle, area.x, area.x + area.width - width),
    y: clamp(y, area.y, area.y + area.height - height),
    width,
    height,
  };
}

const clamp = (value: number, low: number, high: number): number => Math.round(Math.min(Math.max(value, low), high));
