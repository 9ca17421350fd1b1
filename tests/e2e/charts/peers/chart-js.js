const data = ({ periods, series }) => ({
  labels: periods,
  datasets: series.map(({ name, values }) => ({ label: name, data: values })),
});
globalThis.peer = {
  draw(box, table) {
    const canvas = document.createElement("canvas");
    box.append(canvas);
    this.chart = new Chart(canvas, {
      type: "line",
      data: data(table),
      options: {
        animation: false,
        // It tells the figure of the nearest year wherever the mouse is, as ours does.
        interaction: { mode: "index", intersect: false },
        scales: { y: { beginAtZero: true, title: { display: true, text: table.unit } } },
        plugins: {
          title: { display: true, text: table.title },
          legend: { display: table.series.length > 1 },
        },
      },
    });
  },
  tells() {
    return this.chart?.tooltip?.opacity > 0;
  },
  redraw(table) {
    data(table).datasets.forEach(({ data }, place) => { this.chart.data.datasets[place].data = data; });
    this.chart.update("none");
  },
};
