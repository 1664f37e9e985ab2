/**
 * Where windows were, on each display: kept when one closes and looked up when one opens. What no longer fits the
 * displays that there are is moved and made smaller until it does, so that no window is ever out of reach.
 */

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** One window as it was left. */
export interface WindowPlace {
  readonly bounds: Rectangle;
  readonly isMaximised: boolean;
  readonly zoom: number;
}

/** By display, and the one that was used last. */
export interface WindowPlaces {
  readonly last?: string | undefined;
  readonly displays: Readonly<Record<string, WindowPlace>>;
}

export interface DisplayArea {
  readonly id: string;
  /** Without the system's own bars. */
  readonly workArea: Rectangle;
}

export const minimumSize = { width: 900, height: 600 };
const usual = { width: 1280, height: 800 };
const [minZoom, maxZoom] = [0.5, 3];
/** Displays come and go; the places of these many are kept. */
const maxDisplays = 16;

/** Where a window opens: as it was left on the display used last, else in the middle of the first. */
export function placeFor(
  places: WindowPlaces,
  displays: readonly [DisplayArea, ...DisplayArea[]],
): WindowPlace {
  const display = displays.find(({ id }) => id === places.last) ?? displays[0];
  const kept = places.displays[display.id];
  return {
    bounds: fit(kept?.bounds ?? middle(display.workArea), display.workArea),
    isMaximised: kept?.isMaximised ?? false,
    zoom: Math.min(maxZoom, Math.max(minZoom, kept?.zoom ?? 1)),
  };
}

/** `places` with that of a window that is left on a display. */
export function keepPlace(places: WindowPlaces, displayId: string, place: WindowPlace): WindowPlaces {
  const { [displayId]: _before, ...others } = places.displays;
  const newest = Object.entries(others).slice(-(maxDisplays - 1));
  return { last: displayId, displays: { ...Object.fromEntries(newest), [displayId]: place } };
}

/** What was written as JSON; nothing for what is no such thing. */
export function readPlaces(text: string): WindowPlaces {
  const nothing: WindowPlaces = { displays: {} };
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return nothing;
  }
  if (!isRecord(parsed) || !isRecord(parsed['displays'])) return nothing;
  const entries = Object.entries(parsed['displays']).filter((entry): entry is [string, WindowPlace] =>
    isPlace(entry[1]),
  );
  const last = parsed['last'];
  return { ...(typeof last === 'string' && { last }), displays: Object.fromEntries(entries) };
}

/** The rectangle inside `area`, as large as it was if that fits. */
export function fit(bounds: Rectangle, area: Rectangle): Rectangle {
  const width = Math.min(Math.max(bounds.width, minimumSize.width), area.width);
  const height = Math.min(Math.max(bounds.height, minimumSize.height), area.height);
  return {
    x: Math.min(Math.max(bounds.x, area.x), area.x + area.width - width),
    y: Math.min(Math.max(bounds.y, area.y), area.y + area.height - height),
    width,
    height,
  };
}

function middle(area: Rectangle): Rectangle {
  const width = Math.min(usual.width, area.width);
  const height = Math.min(usual.height, area.height);
  return {
    x: area.x + Math.round((area.width - width) / 2),
    y: area.y + Math.round((area.height - height) / 2),
    width,
    height,
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isPlace(value: unknown): value is WindowPlace {
  if (!isRecord(value) || !isRecord(value['bounds'])) return false;
  const { x, y, width, height } = value['bounds'];
  return (
    [x, y, width, height, value['zoom']].every((each) => Number.isFinite(each)) &&
    typeof value['isMaximised'] === 'boolean'
  );
}
