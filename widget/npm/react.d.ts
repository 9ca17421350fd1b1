import type { DetailedHTMLProps, HTMLAttributes } from "react";
import type { Selected, StatuteChartAttributes, StatuteChartElement } from "./index.js";

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "statute-chart": Omit<DetailedHTMLProps<HTMLAttributes<StatuteChartElement>, StatuteChartElement>, keyof StatuteChartAttributes> &
        StatuteChartAttributes & {
          "onstatute-chart-ready"?: (event: CustomEvent) => void;
          "onstatute-chart-select"?: (event: CustomEvent<Selected>) => void;
          "onstatute-chart-error"?: (event: CustomEvent<{ reason: string }>) => void;
        };
    }
  }
}
