/** The kinds of chart. `spans` and `map` are pictures of the service, which stay as they are. */
export type Kind = "line" | "bar" | "horizontal" | "stacked" | "share" | "multiples" | "spans" | "map";

/** The attributes of the element; each is a property too. */
export interface StatuteChartAttributes {
  /** Address of an `aggregate.json` with its query; or `#id`, the element of the page that holds one. */
  src: string;
  type?: Kind;
  theme?: "light" | "dark" | "auto";
  lang?: string;
  width?: string | number;
  height?: string | number;
  title?: string;
  plain?: boolean;
  events?: "false";
  axis?: "free";
}

export interface StatuteChartElement extends HTMLElement {
  src: string;
  type: Kind | "";
  theme: "light" | "dark" | "auto" | "";
  width: string;
  height: string;
  plain: boolean;
  events: string;
  axis: string;
}

/** What a reader has chosen: a figure, or an event of the law. */
export interface Selected {
  groups?: unknown;
  period?: string;
  measure?: string;
  value?: number | null;
  share?: number | null;
  sources?: unknown[];
  row?: unknown;
  event?: { at: string; kind: string; label: string; text: string; statute: string; url: string; breaks: boolean };
}

declare global {
  interface HTMLElementTagNameMap {
    "statute-chart": StatuteChartElement;
  }
  interface HTMLElementEventMap {
    "statute-chart-readable": CustomEvent<Record<string, never>>;
    "statute-chart-ready": CustomEvent<Record<string, never>>;
    "statute-chart-select": CustomEvent<Selected>;
    "statute-chart-range": CustomEvent<{ from: string; to: string }>;
    "statute-chart-error": CustomEvent<{ reason: string }>;
  }
}

export interface DrawOptions {
  type?: Kind | "";
  width?: number;
  height?: number;
  theme?: "light" | "dark";
  title?: string;
  plain?: boolean;
  events?: "false";
  axis?: "free";
  /** A bit for each series that is not drawn. */
  hidden?: number;
  from?: string;
  to?: string;
  /** Refused rather than drawn with fewer words. */
  whole?: boolean;
}

/** Resolves when the element is defined; to null where there is no page. */
export const ready: Promise<unknown>;

/**
 * Draws an aggregate, given as parsed JSON. Fails with a sentence, or with the height in pixels that the picture would need.
 */
export function drawAnswer(answer: unknown, options?: DrawOptions): Promise<string>;
