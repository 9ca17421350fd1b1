const series = ({ series }) => series.map(({ name, values }) => ({ type: "line", name, data: values }));
globalThis.peer = {
  draw(box, table) {
    this.chart = echarts.init(box);
    this.chart.setOption({
      animation: false,
      title: { text: table.title },
      tooltip: { trigger: "axis" },
      legend: { show: table.series.length > 1, top: 30 },
      xAxis: { type: "category", data: table.periods },
      yAxis: { type: "value", name: table.unit },
      series: series(table),
    });
    // It would draw with the next frame.
    this.chart.getZr().flush();
  },
  redraw(table) {
    this.chart.setOption({ series: series(table) });
    this.chart.getZr().flush();
  },
};
