// How the tools look; INSIDE of the chart's style has the boxes that they open in.

export const TOOLS_STYLE = `
.panel .button, select { min-height: 32px; }
select { font: inherit; color: inherit; background: var(--background); border: 1px solid var(--axis); border-radius: 5px; }
.citation { padding: 8px; background: var(--shade); user-select: all; font-size: 12px; }
thead { font-size: 12px; color: var(--quiet); }
ul { margin: 0; padding-left: 18px; }
table { border-collapse: collapse; min-width: min(100%, 560px); margin-bottom: 12px; }
caption { text-align: left; padding-bottom: 8px; }
th, td { padding: 4px 16px 4px 0; text-align: left; vertical-align: baseline; border-bottom: 1px solid var(--grid); font-weight: 400; }
thead th { position: sticky; top: -14px; background: var(--background); }
td.sources { min-width: 150px; }
.measure, .share { text-align: right; font-variant-numeric: tabular-nums; }
`;
