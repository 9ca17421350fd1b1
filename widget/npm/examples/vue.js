// With templates, tell Vue's compiler that the element is none of Vue's:
// vue({ template: { compilerOptions: { isCustomElement: (name) => name === "statute-chart" } } })
import { defineComponent, h, ref } from "vue";
import "chargesheet-statute-chart";

/** A chart with its picture, which readers without script keep, and a word on what became of it. */
export const Chart = defineComponent({
  props: { host: { type: String, required: true }, question: { type: String, required: true } },
  setup(props) {
    const told = ref("");
    const file = (name) => `${props.host}/v1/datasets/reported-figures/${name}?${props.question}`;
    return () =>
      h("figure", [
        h(
          "statute-chart",
          {
            src: file("aggregate.json"),
            type: "line",
            onStatuteChartReady: () => (told.value = "drawn"),
            onStatuteChartError: ({ detail }) => (told.value = detail.reason),
          },
          [h("img", { src: file("chart.svg"), alt: "", width: 800, height: 450, style: "max-width: 100%; height: auto" })],
        ),
        h("figcaption", told.value),
      ]);
  },
});
