const rows = ({ periods, series }) => series.flatMap(({ name, values }) =>
  values.map((value, place) => ({ year: periods[place], name, value })).filter(({ value }) => value !== null));
globalThis.peer = {
  async draw(box, table) {
    const { view } = await vegaEmbed(box, {
      width: 700,
      height: 350,
      title: table.title,
      data: { name: "figures", values: rows(table) },
      mark: { type: "line", point: true, tooltip: true },
      encoding: {
        x: { field: "year", type: "ordinal" },
        y: { field: "value", type: "quantitative", title: table.unit },
        ...(table.series.length > 1 && { color: { field: "name", type: "nominal" } }),
      },
    }, { actions: false });
    this.view = view;
  },
  async redraw(table) {
    await this.view.data("figures", rows(table)).runAsync();
  },
};
