"use strict";
// Draws the page's plots from the data in it; drawn anew when the colours or the scale change.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const MANY = 40; // bars; of more groups the first and the last twenty are drawn
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const logarithmic = document.getElementById("logarithmic");
  const moments = new Map(); // number of a measure by group -> row shown
  const drawn = [];

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const plainNumber = new Intl.NumberFormat("en", { maximumSignificantDigits: 6 });
  const briefNumber = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });
  const share = new Intl.NumberFormat("en", { maximumSignificantDigits: 4 });
  const read = (percent) => (v) => v == null || v === "-" ? "no value"
    : percent ? share.format(100 * v) + " %" : plainNumber.format(v);
  const brief = (percent) => (v) => percent ? share.format(100 * v) + " %" : briefNumber.format(v);

  const three = new Intl.NumberFormat("en", { minimumSignificantDigits: 3, maximumSignificantDigits: 3 });
  const label = (percent) => (v) => percent ? three.format(100 * v) + " %" : briefNumber.format(v);

  // Round distances between ticks; the last label only where it does not crowd the one before.
  function ticks(least, most, whole) {
    const span = most - least || 1;
    const size = 10 ** Math.floor(Math.log10(span / 5));
    const interval = Math.max(whole ? 1 : 0, [1, 2, 5, 10].map((m) => m * size).find((d) => span / d <= 8));
    const rest = span % interval;
    return { interval, crowded: rest > 1e-9 * span && rest < 0.7 * interval };
  }

  const axis = (more) => ({
    axisLine: { lineStyle: { color: colour("--line") } },
    axisTick: { show: false },
    axisLabel: { color: colour("--quiet"), ...more.label },
    splitLine: { lineStyle: { color: colour("--line"), opacity: 0.6 } },
    nameTextStyle: { color: colour("--quiet") },
    ...more.axis,
  });
  const frame = () => ({
    animation: false,
    textStyle: { fontFamily: "system-ui, sans-serif", color: colour("--ink") },
    tooltip: {
      trigger: "axis", confine: true, backgroundColor: colour("--panel"),
      borderColor: colour("--line"), textStyle: { color: colour("--ink") },
    },
  });

  function curve({ title, percent, steps, values }) {
    const log = logarithmic && logarithmic.checked;
    const zoom = steps.length > 30;
    const { interval, crowded } = ticks(steps[0] ?? 0, steps.at(-1) ?? 1, true);
    const points = steps.map((t, i) => [t, log && !(values[i] > 0) ? null : values[i]]);
    return {
      ...frame(),
      grid: { left: 64, right: 20, top: 14, bottom: zoom ? 66 : 42 },
      dataZoom: zoom ? [{ type: "slider", height: 16, bottom: 4, filterMode: "none", showDetail: false, brushSelect: false,
        borderColor: colour("--line"), fillerColor: colour("--accent") + "22", dataBackground: { lineStyle: { opacity: 0 }, areaStyle: { opacity: 0 } },
        selectedDataBackground: { lineStyle: { opacity: 0 }, areaStyle: { opacity: 0 } } }] : [],
      xAxis: axis({ axis: { type: "value", min: "dataMin", max: "dataMax", ...(zoom ? { minInterval: 1 } : { interval }), name: data.unit,
        nameLocation: "middle", nameGap: 26, splitLine: { show: false } }, label: { formatter: briefNumber.format, showMaxLabel: !crowded } }),
      yAxis: axis({ axis: { type: log ? "log" : "value" }, label: { formatter: brief(percent) } }),
      tooltip: { ...frame().tooltip, valueFormatter: read(percent),
        axisPointer: { label: { formatter: (p) => data.unit + " " + plainNumber.format(p.value) } } },
      series: [{ name: title, type: "line", data: points, showSymbol: points.length < 60, symbolSize: 5,
        lineStyle: { width: 2 }, itemStyle: { color: colour("--accent") },
        areaStyle: log ? undefined : { opacity: 0.08 },
        markLine: { symbol: "none", silent: true, animation: false, label: { show: false },
          lineStyle: { color: colour("--quiet"), type: "dashed" }, data: data.marks.map((m) => ({ xAxis: m.step })) } }],
    };
  }

  function bars(group, number) {
    const row = group.values[moments.get(number) ?? group.values.length - 1];
    const every = group.names.map((name, i) => [name, row[i]]);
    const kept = every.length > MANY ? [...every.slice(0, MANY / 2), ...every.slice(-MANY / 2)] : every;
    const most = Math.max(0, ...group.values.flat().filter((v) => v != null));
    const { interval, crowded } = ticks(0, most, false);
    return {
      ...frame(),
      grid: { left: 8, right: 76, top: 6, bottom: 28, containLabel: true },
      xAxis: axis({ axis: { type: "value", interval, max: most > 0 ? most : null }, label: { formatter: brief(group.percent), showMaxLabel: !crowded } }),
      yAxis: axis({ axis: { type: "category", inverse: true, data: kept.map((k) => k[0]) },
        label: { color: colour("--ink"), width: 180, overflow: "truncate", interval: 0 } }),
      tooltip: { ...frame().tooltip, axisPointer: { type: "shadow" }, valueFormatter: read(group.percent) },
      series: [{ name: group.title, type: "bar", data: kept.map((k) => k[1]), barMaxWidth: 18,
        itemStyle: { color: colour("--accent"), borderRadius: [0, 3, 3, 0] },
        label: { show: true, position: "right", color: colour("--quiet"), formatter: (p) => p.value == null ? "no value" : label(group.percent)(p.value) } }],
    };
  }

  function add(place, option) {
    const chart = echarts.init(place, null, { renderer: "svg" });
    drawn.push({ chart, draw: () => chart.setOption(option(), { notMerge: true }) });
    return drawn.at(-1);
  }
  const redraw = () => drawn.forEach(({ draw }) => draw());
  const resize = () => drawn.forEach(({ chart }) => chart.resize());

  document.querySelectorAll(".curve").forEach((place) => {
    const { chart } = add(place, () => curve(data.curves[place.dataset.number]));
    chart.group = "steps"; // one pointer over all curves
  });
  echarts.connect("steps");
  document.querySelectorAll(".bars").forEach((place) => {
    const number = Number(place.dataset.number);
    const group = data.groups[number];
    place.style.height = 40 + 24 * Math.min(group.names.length, MANY) + "px";
    const item = add(place, () => bars(group, number));
    const slider = document.querySelector(`.moment[data-number="${number}"]`);
    if (slider) slider.addEventListener("input", () => {
      moments.set(number, Number(slider.value));
      document.getElementById("at-" + number).textContent = group.steps[slider.value];
      item.draw();
    });
  });
  redraw();

  if (logarithmic) logarithmic.addEventListener("change", redraw);
  dark.addEventListener("change", redraw);
  addEventListener("resize", resize);
  // On paper the colours of the style sheet are the light ones: read them while printing.
  matchMedia("print").addEventListener("change", () => { resize(); redraw(); });
})();
