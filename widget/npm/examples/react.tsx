/// <reference types="chargesheet-statute-chart/react" />
import { useState } from "react";
import "chargesheet-statute-chart";

/** A chart with its picture, which readers without script keep, and a word on what became of it. */
export function Chart({ host, question }: { host: string; question: string }) {
  const [told, setTold] = useState("");
  const file = (name: string) => `${host}/v1/datasets/reported-figures/${name}?${question}`;
  return (
    <figure>
      <statute-chart
        src={file("aggregate.json")}
        type="line"
        onstatute-chart-ready={() => setTold("drawn")}
        onstatute-chart-error={(event) => setTold(event.detail.reason)}
      >
        <img src={file("chart.svg")} alt="" width={800} height={450} style={{ maxWidth: "100%", height: "auto" }} />
      </statute-chart>
      <figcaption>{told}</figcaption>
    </figure>
  );
}
