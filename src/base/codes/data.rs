//! Codes of submitted data files.

use super::CodeInfo;
use crate::base::Severity::{Error, Warning};

/// A file that cannot be opened, or is not what its name says.
pub static UNREADABLE: CodeInfo = CodeInfo {
    code: "E0401",
    severity: Error,
    title: ("数据文件打不开", "a data file cannot be opened"),
    page: (
        "文件不存在、没有读取权限、已损坏、加了密码，或者后缀与内容不符（例如把网页另存成 `.xls`）。运行以退出码 4 结束，
因为没有读到的数据不能算作合格。

不对：从网页系统导出的 `预算.xls`，里面其实是 HTML
对：用表格软件打开，另存为 `预算.xlsx` 再提交
",
        "The file does not exist, may not be read, is damaged or protected by a password, or is not what its name says (a web
page saved as `.xls`). The run ends with exit code 4, because data that was not read cannot pass.

Wrong: `budget.xls` exported by a web system, which holds HTML
Right: open it in a spreadsheet program, save it as `budget.xlsx`, submit that
",
    ),
};

/// Bytes that are not text in the file's encoding.
pub static ENCODING: CodeInfo = CodeInfo {
    code: "E0402",
    severity: Error,
    title: ("文字编码有误", "the text cannot be decoded"),
    page: (
        "CSV 依次按 UTF-8、GB18030 严格解码，遇到不成字的字节就停，不用“？”代替：代替会让两个不同的单位看起来相同。
请重新导出为 UTF-8，或在 `[[binding]]` 里写明 `encoding`。

不对：一半 UTF-8、一半 GBK 拼接成的文件
对：
    [[binding]]
    dataset = \"预算\"
    encoding = \"gb18030\"
",
        "CSV files are decoded strictly, as UTF-8 and then as GB18030. Bytes that are no character stop the reading; putting `?`
in their place could make two names look alike. Export the file as UTF-8, or name the `encoding` in its binding.

Wrong: a file pasted together from UTF-8 and GBK halves
Right:
    [[binding]]
    dataset = \"budget\"
    encoding = \"gb18030\"
",
    ),
};

/// Quotes of a delimited file that do not close.
pub static QUOTES: CodeInfo = CodeInfo {
    code: "E0403",
    severity: Error,
    title: ("CSV 的引号不配对", "quotes of a CSV file do not match"),
    page: (
        "用双引号括起来的内容要有结束的引号，结束引号后面只能是分隔符或换行；内容里的双引号要写两遍。引号不配对时，
后面的行会被当成同一个格子，所以整个文件不读。

不对：
    教育局,\"公用经费,2021,90.01
对：
    教育局,\"公用经费\",2021,90.01
    教育局,\"\"\"三公\"\"经费\",2021,12.00
",
        "What begins with a double quote must end with one, and only a delimiter or the end of the line may follow. A quote
within is written twice. With a quote missing, the following lines would all be one cell, so nothing of the file is read.

Wrong:
    Education,\"running costs,2021,90.01
Right:
    Education,\"running costs\",2021,90.01
    Education,\"\"\"three public\"\" costs\",2021,12.00
",
    ),
};

/// A row with more or fewer cells than the heading.
pub static RAGGED: CodeInfo = CodeInfo {
    code: "E0404",
    severity: Error,
    title: ("这一行的格数与表头不符", "a row has more or fewer cells than the heading"),
    page: (
        "少了或多了一格，就不知道哪个数字属于哪一列，所以这一行的每个格子都按读不出来处理。常见原因是数字里的千分位逗号没有加引号。

不对：
    部门,年度,金额
    教育局,2021,1,234.50
对：
    部门,年度,金额
    教育局,2021,\"1,234.50\"
",
        "With a cell too few or too many, nobody can tell which figure belongs to which column; so every cell of the row counts as
unreadable. A thousands separator without quotes is a common cause.

Wrong:
    department,year,amount
    Education,2021,1,234.50
Right:
    department,year,amount
    Education,2021,\"1,234.50\"
",
    ),
};

/// No sheet, or several, could be the dataset's.
pub static SHEET: CodeInfo = CodeInfo {
    code: "E0405",
    severity: Error,
    title: ("不能确定用哪一张工作表", "it is not clear which sheet to read"),
    page: (
        "依次找：绑定里写的 `sheet`；与数据集同名的工作表；唯一一张列名齐全的工作表。一张也没有或有好几张都符合时，不猜。

不对：`预算.xlsx` 里“初稿”“定稿”两张表的列名都齐全
对：
    [[binding]]
    dataset = \"预算\"
    sheet = \"定稿\"
",
        "Looked for in turn: the `sheet` that the binding names; a sheet called like the dataset; the only sheet that has all the
headings. If there is none, or several, nothing is guessed.

Wrong: `budget.xlsx` with the sheets “draft” and “final”, both with all the headings
Right:
    [[binding]]
    dataset = \"budget\"
    sheet = \"final\"
",
    ),
};

/// A needed column is not in the file.
pub static MISSING_COLUMN: CodeInfo = CodeInfo {
    code: "E0406",
    severity: Error,
    title: ("缺少需要的列", "a needed column is missing"),
    page: (
        "数据集的每个维度和度量在文件里都要有一列，列名与规则里的名字一致（括号里的单位不算），否则在绑定里写明对应的列名。

不对：文件里叫“预算单位”，规则里叫“部门”，没有绑定
对：
    [[binding]]
    dataset = \"预算\"
    columns = { \"部门\" = [\"预算单位\", \"单位名称\"] }
",
        "Every dimension and measure of a dataset needs a column in the file, headed by its name (a unit in brackets does not
count); if the heading is another, the binding says so.

Wrong: the file says “agency”, the rules say `department`, and there is no binding
Right:
    [[binding]]
    dataset = \"budget\"
    columns = { \"department\" = [\"agency\", \"unit\"] }
",
    ),
};

/// Two columns with the heading of one needed column.
pub static REPEATED_HEADING: CodeInfo = CodeInfo {
    code: "E0407",
    severity: Error,
    title: ("同一列名出现了两次", "a heading occurs twice"),
    page: (
        "两列都可能是要找的那一列时不猜。两行表头用“上/下”区分。

不对：两行表头下有两个“金额”，上一行分别是“2020年”“2021年”
对：
    [[binding]]
    dataset = \"预算\"
    columns = { \"金额\" = \"2021年/金额\" }
",
        "When two columns could be the one that is looked for, nothing is guessed. Headings of two rows are told apart as
`upper/lower`.

Wrong: two columns “amount” under “2020” and “2021”
Right:
    [[binding]]
    dataset = \"budget\"
    columns = { \"amount\" = \"2021/amount\" }
",
    ),
};

/// Heading, binding and the line above the table state different units.
pub static UNIT_CONFLICT: CodeInfo = CodeInfo {
    code: "E0408",
    severity: Error,
    title: ("单位前后矛盾", "units contradict each other"),
    page: (
        "列名里的单位、绑定里的单位、表格上方“单位：……”一行的单位如果不一样，差一万倍也看不出来，所以不猜，这一列都按读不出来处理。

不对：表格上方写“单位：元”，列名写“金额（万元）”
对：两处写成同一个单位，或只留一处
",
        "If the heading, the binding and the line “单位：…” above the table state different units, the figures may be off by a factor
of ten thousand. Nothing is guessed, and the whole column counts as unreadable.

Wrong: “单位：元” above the table, and a heading “金额（万元）”
Right: the same unit in both places, or in one only
",
    ),
};

/// A unit that is not known.
pub static UNKNOWN_UNIT: CodeInfo = CodeInfo {
    code: "E0409",
    severity: Error,
    title: ("不认识的单位", "unknown unit"),
    page: (
        "数字后面、列名括号里或单位列里的单位不认识。用内置的单位，或在规则里声明：`单位 家`。

不对：12.5万圆整
对：12.5万元
",
        "The unit behind a figure, in a heading or in a unit column is not known. Use a built-in one, or declare it: `unit 家`.

Wrong: 12.5 kilobucks
Right: 12.5万元
",
    ),
};

/// A unit that measures something else.
pub static UNIT_MISMATCH: CodeInfo = CodeInfo {
    code: "E0410",
    severity: Error,
    title: ("单位不是同一种量", "the unit measures something else"),
    page: (
        "文件里的单位与规则声明的单位不是同一种量，无法换算：元和人、% 和百分点、人和户都不能互换。

不对：声明为 % 的列里写“0.3个百分点”
对：写“7.3%”，或把规则里的单位改为百分点
",
        "The unit in the file and the declared one measure different things and cannot be converted: 元 and 人, % and 百分点, 人
and 户.

Wrong: “0.3个百分点” in a column declared as %
Right: “7.3%”, or declare the column in 百分点
",
    ),
};

/// Not a number.
pub static NOT_A_NUMBER: CodeInfo = CodeInfo {
    code: "E0411",
    severity: Error,
    title: ("不是数字", "not a number"),
    page: (
        "度量列的格子要么是一个数字（可以带千分位、货币符号、单位、百分号、会计括号），要么留空或写“—”。用到这个格子的规则判为“出错”。
需要把别的文字当作空值时，在绑定里写 `blank`。

不对：约90万、待定、N/A
对：90
    [[binding]]
    dataset = \"预算\"
    blank = [\"待定\", \"N/A\"]
",
        "A cell of a measure is one number (with separators, currency sign, unit, percent sign or accounting brackets), or it is
left empty or holds a dash. Rules that rest on such a cell are in error. Other texts that mean blank go into the binding.

Wrong: about 90, to be confirmed, N/A
Right: 90
    [[binding]]
    dataset = \"budget\"
    blank = [\"to be confirmed\", \"N/A\"]
",
    ),
};

/// Thousands separators in the wrong places.
pub static SEPARATORS: CodeInfo = CodeInfo {
    code: "E0412",
    severity: Error,
    title: ("千分位的位置不对", "thousands separators in the wrong places"),
    page: (
        "逗号只能隔开三位一组的数字。“1,23”可能是 1.23，也可能是 123，不猜。

不对：1,23    12,3456
对：1.23    123,456
",
        "Commas stand between groups of three digits only. `1,23` could be 1.23 or 123, and nothing is guessed.

Wrong: 1,23    12,3456
Right: 1.23    123,456
",
    ),
};

/// `#DIV/0!`
pub static ERROR_VALUE: CodeInfo = CodeInfo {
    code: "E0413",
    severity: Error,
    title: ("表格公式出错", "a spreadsheet's error value"),
    page: (
        "格子里是表格软件的错误值，公式没有算出结果，或程序写了公式而没有存结果；“####”表示列太窄，导出时数字已经丢了。

不对：#DIV/0!    #N/A    #REF!    ####
对：修好公式，或填入数字；确实没有数字就留空
",
        "The cell holds an error of the spreadsheet program: the formula has no result, or a program wrote it without one. `####` means that the column was too
narrow, and the figure was lost on export.

Wrong: #DIV/0!    #N/A    #REF!    ####
Right: mend the formula or enter the figure; leave the cell empty if there is none
",
    ),
};

/// Not a date.
pub static NOT_A_DATE: CodeInfo = CodeInfo {
    code: "E0414",
    severity: Error,
    title: ("不是日期", "not a date"),
    page: (
        "日期要有年、月、日，并且日历上有这一天。

不对：3月5日    2021-02-30    05/03/2021
对：2021-03-05    2021年3月5日    2021/3/5    20210305
",
        "A date has a year, a month and a day, and the calendar has that day.

Wrong: 5 March    2021-02-30    05/03/2021
Right: 2021-03-05    2021年3月5日    2021/3/5    20210305
",
    ),
};

/// Not a period.
pub static NOT_A_PERIOD: CodeInfo = CodeInfo {
    code: "E0415",
    severity: Error,
    title: ("不是所需的期间", "not a period of the needed length"),
    page: (
        "期间列写年、半年、季度或月份；列声明为“年”时，写季度就对不上。

不对：二〇二一    21年    2021Q1（列声明为年）
对：2021    2021H1    2021Q1    2021-03    2021年3月
",
        "A period is a year, half-year, quarter or month, of the length that the column is declared with.

Wrong: '21    spring 2021    2021Q1 (in a column of years)
Right: 2021    2021H1    2021Q1    2021-03
",
    ),
};

/// Not 是 or 否.
pub static NOT_A_BOOLEAN: CodeInfo = CodeInfo {
    code: "E0416",
    severity: Error,
    title: ("不是“是”或“否”", "neither yes nor no"),
    page: (
        "“是否”列只写：是、否、true、false、√、×。1 和 0 可能是数量，不当作是否。

不对：有    1    Y
对：是
",
        "A boolean column holds 是, 否, true, false, √ or ×. 1 and 0 may be quantities and are not taken for yes and no.

Wrong: Y    1    done
Right: true
",
    ),
};

/// Not a level of the scale.
pub static NOT_A_LEVEL: CodeInfo = CodeInfo {
    code: "E0417",
    severity: Error,
    title: ("标度里没有这一级", "not a level of the scale"),
    page: (
        "格子里的级别要与 `标度` 声明的写法逐字相同；罗马数字 Ⅳ 与字母 IV 是不同的字。

不对：IV类
对：Ⅳ类
",
        "A level is written just as the `scale` declares it; the numeral Ⅳ and the letters IV are different characters.

Wrong: IV类
Right: Ⅳ类
",
    ),
};

/// Two rows with one key.
pub static DUPLICATE_KEY: CodeInfo = CodeInfo {
    code: "E0418",
    severity: Error,
    title: ("主键重复", "two rows have the same key"),
    page: (
        "数据集声明了主键，主键相同的行只能有一行；重复的行会把合计翻倍。常见原因是同一份表提交了两次。

不对：
    部门,年度,金额
    教育局,2021,90
    教育局,2021,90
对：删去重复的一行
",
        "The dataset declares a key, and no two rows may share it: a repeated row would count twice in every sum. Often the same
table was submitted twice.

Wrong:
    department,year,amount
    Education,2021,90
    Education,2021,90
Right: delete one of the two
",
    ),
};

/// Two different figures for one indicator, region and period.
pub static CONTRADICTION: CodeInfo = CodeInfo {
    code: "E0419",
    severity: Error,
    title: ("同一指标有两个不同的数", "two different figures for one indicator"),
    page: (
        "同一指标、同一区域、同一期间报了两个不同的数，用哪个判定说不清，所以两个都按读不出来处理。

不对：
    指标,期间,数值
    高企数量,2021,35
    高企数量,2021,36
对：留下核定的一个
",
        "Two different figures were submitted for one indicator, region and period. It is unclear which one counts, so both are
treated as unreadable.

Wrong:
    indicator,period,value
    high_tech_firms,2021,35
    high_tech_firms,2021,36
Right: keep the one that was approved
",
    ),
};

/// Not JSON, or not a list of objects.
pub static JSON: CodeInfo = CodeInfo {
    code: "E0420",
    severity: Error,
    title: ("JSON 写法有误", "the JSON cannot be used"),
    page: (
        "JSON 文件是对象的列表，一个对象是一行，键是列名，同一个键只写一次；`.jsonl` 和 `.ndjson` 一行一个对象。

不对：
    {\"教育局\": {\"2021\": 90.01}}
对：
    [{\"部门\": \"教育局\", \"年度\": 2021, \"金额\": 90.01}]
",
        "A JSON file is a list of objects. An object is a row, its keys are the headings, and each key stands once; `.jsonl` and
`.ndjson` have one object a line.

Wrong:
    {\"Education\": {\"2021\": 90.01}}
Right:
    [{\"department\": \"Education\", \"year\": 2021, \"amount\": 90.01}]
",
    ),
};

/// A list or an object where a value is expected.
pub static NESTED: CodeInfo = CodeInfo {
    code: "E0421",
    severity: Error,
    title: ("格子里是列表或对象", "a list or an object in a cell"),
    page: (
        "JSON 里每个键的值只能是文字、数字、true、false 或 null。

不对：
    {\"部门\": \"教育局\", \"金额\": [90, 91]}
对：一个数一行，写成两个对象
",
        "Values of a JSON row are texts, numbers, true, false or null.

Wrong:
    {\"department\": \"Education\", \"amount\": [90, 91]}
Right: two objects, one for each figure
",
    ),
};

/// A figure in scientific notation, in text.
pub static SCIENTIFIC: CodeInfo = CodeInfo {
    code: "E0422",
    severity: Error,
    title: ("科学记数法已丢失数位", "digits were lost to scientific notation"),
    page: (
        "文本里的“1.23457E+11”是表格软件按显示宽度导出的，后面的数位已经丢了。把列设为数值格式，重新导出，或直接提交 `.xlsx`。

不对：1.23457E+11
对：123456789012
",
        "A spreadsheet program writes `1.23457E+11` when it exports what the cell shows: the other digits are gone. Format the column
as a number and export again, or submit the `.xlsx` itself.

Wrong: 1.23457E+11
Right: 123456789012
",
    ),
};

/// The heading is not where the binding says.
pub static HEADING_ROW: CodeInfo = CodeInfo {
    code: "E0423",
    severity: Error,
    title: ("表头不在绑定所说的行", "the heading is not where the binding says"),
    page: (
        "绑定里的 `header` 是从 1 数的行号，与表格软件左边的行号一致；CSV 里是文件的行号。

不对：header = 30      # 这张表只有 12 行
对：header = 3
",
        "A binding's `header` is the row as the spreadsheet program numbers it, from 1; of a CSV file, the line.

Wrong: header = 30     # the sheet has 12 rows
Right: header = 3
",
    ),
};

/// A number of a workbook that may be a percentage.
pub static PERCENT_FORMAT: CodeInfo = CodeInfo {
    code: "E0424",
    severity: Error,
    title: ("看不出是小数还是百分数", "a fraction or a percentage?"),
    page: (
        "格子显示 7%，存的是 0.07。`.xlsx` 里能看到格子的百分比格式，旧格式的工作簿（`.xls`、`.xlsb`、`.ods`）里看不到，
0.07 可能是 0.07%，也可能是 7%，相差一百倍，所以不猜。

不对：`.xls` 里显示 7% 的格子
对：另存为 `.xlsx` 再提交；或在格子里写文字“7%”
",
        "A cell that shows 7% is stored as 0.07. An `.xlsx` file tells the cell's percent format, older workbooks (`.xls`, `.xlsb`,
`.ods`) do not: 0.07 may be 0.07% or 7%, a hundred times as much, and nothing is guessed.

Wrong: a cell that shows 7% in an `.xls` file
Right: the same saved as `.xlsx`, or the text “7%” in the cell
",
    ),
};

/// A number format that shows another number than is stored.
pub static SCALED_FORMAT: CodeInfo = CodeInfo {
    code: "E0425",
    severity: Error,
    title: ("看到的数不是存的数", "the cell shows another number than it stores"),
    page: (
        "格式 `0!.0,` 或 `#,##0,` 让 1234500 显示成 123.5 或 1,235。表头写“万元”的人看的是显示的数，存的却是元，
差一万倍，所以不猜。

不对：存 1234500，格式 `0!.0,`，显示 123.5
对：存 123.45，格式 `0.00`
",
        "The formats `0!.0,` and `#,##0,` show 1234500 as 123.5 or 1,235. Whoever wrote “万元” above the column looked at what is
shown, but stored are 元: ten thousand times as much. Nothing is guessed.

Wrong: 1234500 stored, with the format `0!.0,`, shown as 123.5
Right: 123.45 stored, with the format `0.00`
",
    ),
};

/// More memory than the run may take.
pub static MEMORY: CodeInfo = CodeInfo {
    code: "E0429",
    severity: Error,
    title: ("内存不够", "not enough memory"),
    page: (
        "读入或汇总这些数据所需的内存超过了上限。上限默认为本机（或所在容器）内存的一半，用 `--memory-limit` 另定。没有读进来的
数据不能算作合格，所以运行以退出码 4 结束；汇总不下的，退出码为 2。一行数据一般占十几个字节到几十个字节。

不对：duixian run 套件 --data 预算=全省.parquet --memory-limit 200MB
对：duixian run 套件 --data 预算=全省.parquet --memory-limit 8GB
也对：按年度或地区把数据分成几份，分别运行
",
        "To read or to add up these data would take more memory than the limit, which is half of what the machine or its container
has unless `--memory-limit` says otherwise. Data that was not read cannot pass: the run ends with exit code 4, or with 2 if
it was read and cannot be added up. A row usually takes a dozen bytes to some dozens.

Wrong: duixian run SUITE --data budget=province.parquet --memory-limit 200MB
Right: duixian run SUITE --data budget=province.parquet --memory-limit 8GB
Right too: split the data by year or by region, and run each part
",
    ),
};

/// A blank cell of a dimension.
pub static BLANK_DIMENSION: CodeInfo = CodeInfo {
    code: "W0401",
    severity: Warning,
    title: ("维度列是空的", "a dimension is blank"),
    page: (
        "不知道这一行属于谁。用到它的合计判为“缺数据”。如果空格表示“同上”，在绑定里写 `fill_down`。

不对：
    部门,科目,金额
    教育局,公用经费,90
    ,项目经费,30
对：
    [[binding]]
    dataset = \"预算\"
    fill_down = [\"部门\"]
",
        "Nobody can tell what the row belongs to, and sums that it may be part of are missing. If an empty cell means “as above”, the
binding says so with `fill_down`.

Wrong:
    department,subject,amount
    Education,running costs,90
    ,projects,30
Right:
    [[binding]]
    dataset = \"budget\"
    fill_down = [\"department\"]
",
    ),
};

/// Rows of totals.
pub static TOTALS: CodeInfo = CodeInfo {
    code: "W0402",
    severity: Warning,
    title: ("合计行已另放", "rows of totals are kept apart"),
    page: (
        "维度列写着“合计”“小计”“总计”的行不是数据行，不参与计算，否则同一笔钱会算两遍。别的写法用 `skip` 说明；
没有合计行而有部门就叫这个名字时，写 `skip = []`。

不对：把“本页合计”当作一个部门
对：
    skip = [\"合计\", \"小计\", \"总计\", \"本页合计\"]
",
        "Rows with 合计, 小计 or 总计 in a dimension are no data, or the same money would count twice. Name other marks with `skip`;
write `skip = []` if a member really has such a name.

Wrong: “Page total” taken for a department
Right:
    skip = [\"Total\", \"Page total\"]
",
    ),
};

/// Notes below a table.
pub static NOTES: CodeInfo = CodeInfo {
    code: "W0403",
    severity: Warning,
    title: ("表下的说明已另放", "notes below the table are kept apart"),
    page: (
        "只有第一格有字，并且以“注：”“说明：”“资料来源”等开头的行是说明，不是数据。

不对：在“部门”一列写“教育局（注：含民办）”又不填其他格
对：说明写在表下单独一行：“注：含民办学校”
",
        "A row with text in its first cell only, which begins with “Note:”, “注：” or “Source:”, is a note and no data.

Wrong: a department called “Note: including private schools”
Right: a line of its own below the table: “Note: including private schools”
",
    ),
};

/// No rows.
pub static EMPTY: CodeInfo = CodeInfo {
    code: "W0404",
    severity: Warning,
    title: ("文件里没有数据行", "the file has no rows"),
    page: (
        "文件是空的，或只有表头。没有数据不会判为合格，相关规则判为“缺数据”。

不对：只交了一张空的模板
对：填好数据再交
",
        "The file is empty or has only a heading. Nothing never passes: the rules that need it are missing.

Wrong: an empty form
Right: the form, filled in
",
    ),
};

/// An attribute without a column.
pub static NO_ATTRIBUTE: CodeInfo = CodeInfo {
    code: "W0405",
    severity: Warning,
    title: ("文件里没有这个属性列", "an attribute has no column"),
    page: (
        "属性列可以没有，按空值处理；如果有规则用到它，会判为“缺数据”。

不对：规则要求 `备注 已填`，而文件没有“备注”列
对：补上“备注”列
",
        "A file may lack an attribute; it is blank then, and rules that need it are missing.

Wrong: a rule requires `remark is filled`, and the file has no column “remark”
Right: add the column
",
    ),
};

/// Keys that the dataset does not know.
pub static UNKNOWN_KEYS: CodeInfo = CodeInfo {
    code: "W0406",
    severity: Warning,
    title: ("JSON 里有用不到的键", "keys of a JSON file that are not used"),
    page: (
        "这些键不对应数据集的任何一列，没有读。如果是写错了名字，请改正或在绑定里写明。

不对：{\"部们\": \"教育局\"}
对：{\"部门\": \"教育局\"}
",
        "These keys belong to no column of the dataset and were not read. If one is misspelt, mend it or name it in the binding.

Wrong: {\"departmnt\": \"Education\"}
Right: {\"department\": \"Education\"}
",
    ),
};

/// Indicators that the suite does not declare.
pub static UNDECLARED: CodeInfo = CodeInfo {
    code: "W0407",
    severity: Warning,
    title: ("指标表里有未声明的指标", "indicators that the suite does not declare"),
    page: (
        "指标表可以比规则需要的多。如果是同一个指标的另一种叫法，在规则里用 `又称` 写明。

不对：指标表写“高新技术企业数”，规则里叫“高企数量”
对：
    指标 高企数量: 家 又称 高新技术企业数
",
        "An indicator table may hold more than the rules need. If it is another name for a declared indicator, say so.

Wrong: the table says “high-tech companies”, the rules say `high_tech_firms`
Right:
    indicator high_tech_firms: 家 alias `high-tech companies`
",
    ),
};

/// The same figure twice.
pub static REPEATED_FIGURE: CodeInfo = CodeInfo {
    code: "W0408",
    severity: Warning,
    title: ("同一个数报了两次", "the same figure was submitted twice"),
    page: (
        "同一指标、区域、期间报了两个相同的数，只用一个。

不对：两份文件都填了“高企数量 2021 35”
对：只在一份文件里填
",
        "One indicator, region and period was submitted twice with the same figure. One of them is used.

Wrong: two files that both say “high_tech_firms 2021 35”
Right: say it in one of them
",
    ),
};

/// A file that belongs to no dataset.
pub static STRAY: CodeInfo = CodeInfo {
    code: "W0409",
    severity: Warning,
    title: ("文件不属于任何数据集", "a file that belongs to no dataset"),
    page: (
        "文件名与任何数据集都不同，绑定里也没有写到它，没有读。

不对：数据集叫“预算”，文件叫 `2021年部门预算表.csv`，没有绑定
对：
    [[binding]]
    dataset = \"预算\"
    file = \"*预算*.csv\"

本来就不是数据的文件和文件夹，在 suite.toml 里写明，便不再提示：
    ignore = [\"上年*\", \"说明.docx\"]
",
        "The file is not called like any dataset, and no binding names it. It was not read.

Wrong: the dataset is called `budget`, the file `departments 2021.csv`, and there is no binding
Right:
    [[binding]]
    dataset = \"budget\"
    file = \"departments*.csv\"

Of files and folders that are not meant as data, suite.toml says so, and there is no remark:
    ignore = [\"last year*\", \"notes.docx\"]
",
    ),
};

/// A line above the table that seems to state a unit, but not a known one.
pub static UNIT_LINE: CodeInfo = CodeInfo {
    code: "W0410",
    severity: Warning,
    title: ("表格上方的单位不认识", "the unit above the table is not known"),
    page: (
        "表格上方写了“单位：……”，但不是认识的单位，没有采用；数字按声明的单位读。

不对：单位：万圆整
对：单位：万元
",
        "A line “单位：…” stands above the table, but what it says is no known unit. It was not used; figures are in the declared unit.

Wrong: 单位：kilobucks
Right: 单位：万元
",
    ),
};

/// A heading that fits a melt pattern, but whose part is no value of the dimension.
pub static MELT_HEADING: CodeInfo = CodeInfo {
    code: "W0411",
    severity: Warning,
    title: ("列名里的维度值读不出来", "a dimension in a heading cannot be read"),
    page: (
        "列名符合 `melt` 的样式，但花括号那一段不是该维度的值，这一列没有读。

不对：样式“{年度}年预算数”遇到列名“上年预算数”
对：列名写“2020年预算数”
",
        "The heading fits the pattern of a `melt`, but the part in braces is no value of the dimension. The column was not read.

Wrong: the pattern `{year} budget`, and a heading “previous budget”
Right: a heading “2020 budget”
",
    ),
};

/// A computed indicator in the indicator table.
pub static COMPUTED: CodeInfo = CodeInfo {
    code: "W0412",
    severity: Warning,
    title: ("指标由规则计算，表里的数没有用", "the indicator is computed, the submitted figure is not used"),
    page: (
        "规则写明了这个指标怎样算，就以算出来的为准，指标表里的数不采用。

不对：规则写 `指标 公用经费: 万元 = 合计 预算.金额`，指标表又报“公用经费”
对：只提交预算表
",
        "The rules say how to compute this indicator, and that counts. The figure in the indicator table is not used.

Wrong: `indicator running_costs: 万元 = sum budget.amount`, and a row “running_costs” in the indicator table
Right: submit the budget only
",
    ),
};

/// The same file twice.
pub static SAME_FILE: CodeInfo = CodeInfo {
    code: "E0426",
    severity: Error,
    title: ("同一份文件报了两次", "one file was submitted twice"),
    page: (
        "两个文件内容完全相同，又都作为同一个数据集提交：每个数会算两遍。这个数据集不予评判，直到只剩一份。

不对：--data 预算=预算.csv --data 预算=预算（副本）.csv
对：--data 预算=预算.csv
",
        "Two files with the same bytes were submitted for one dataset: every figure would count twice. Nothing is judged on
the dataset until one of them is left.

Wrong: --data budget=budget.csv --data budget=copy-of-budget.csv
Right: --data budget=budget.csv
",
    ),
};

/// A unit above the table that is not known, or fits nothing in it.
pub static UNKNOWN_UNIT_LINE: CodeInfo = CodeInfo {
    code: "E0427",
    severity: Error,
    title: ("表格上方的单位用不上", "the unit above the table cannot be used"),
    page: (
        "表格上方写了单位，可这个单位不认识，或者与表里的度量不相容。照规则里声明的单位去读，就可能差出一万倍，所以整张表不读。

不对：单位：万
对：单位：万元
",
        "A unit stands above the table, and it is not known or fits none of the measures. To read the figures in the declared
unit could be wrong by a factor of ten thousand, so the table is not read.

Wrong: 单位：万
Right: 单位：万元
",
    ),
};

/// A word in the column of qualifiers that is not one of them.
pub static QUALIFIER: CodeInfo = CodeInfo {
    code: "E0428",
    severity: Error,
    title: ("“限定”列写的不是限定词", "a word that is no qualifier"),
    page: (
        "指标表的“限定”列说明一个数是确切值还是界限：留空是确切值，“超”“不到”不含本数，“以上”“以内”含本数，“约”是四舍五入到所写的末位。
别的写法看不出这个数是什么意思，猜错了就会把“超 2 万户”当作“正好 2 万户”，所以这个数不予采用。

不对：2 | 万户 | 超过了
对：2 | 万户 | 超
",
        "The column of qualifiers in the indicator table says whether a figure is the value itself or a bound of it: empty for
the value, `above` and `below` without the number, `at least` and `at most` with it, `about` for a value rounded to the
last digit stated. Of any other word it is unknown what the figure means; a wrong guess would take “over 20,000” for
exactly 20,000. So the figure is not used.

Wrong: 20,000 | firms | more or less
Right: 20,000 | firms | about
",
    ),
};

/// A value outside its code list.
pub static NOT_LISTED: CodeInfo = CodeInfo {
    code: "W0413",
    severity: Warning,
    title: ("值不在代码表里", "a value outside its code list"),
    page: (
        "这一列声明了 `属于` 某个代码表或名录，而有的值不在其中。按代码表写法取数的规则取不到这些行。

不对：代码表里是“公用经费”，表里写“公用 经费”
对：照代码表写“公用经费”
",
        "The column was declared to be `in` a code list or roster, and some values are not. Rules that ask for the listed
spelling do not find these rows.

Wrong: the list says “running costs”, the table says “running  costs”
Right: spell it as the list does
",
    ),
};

/// A sheet with the same headings that was not read.
pub static OTHER_SHEET: CodeInfo = CodeInfo {
    code: "W0414",
    severity: Warning,
    title: ("另有工作表的列名相同，没有读", "another sheet has the same headings and was not read"),
    page: (
        "工作簿里有一张表与数据集同名，就读这一张。别的表也有同样的列名时（续表、旧表），请确认没有遗漏。

不对：数据分在“预算”和“预算（续）”两张表里
对：并成一张，或分成两个文件提交
",
        "The sheet that is called like the dataset is read. Where others have the same headings (a continuation, an old
version), make sure that nothing is left out.

Wrong: data in the sheets “budget” and “budget (2)”
Right: one sheet, or two files
",
    ),
};

/// Rows of periods of a length that no rule asks for.
pub static OTHER_LENGTH: CodeInfo = CodeInfo {
    code: "W0415",
    severity: Warning,
    title: ("期间长短与规则要的不同", "periods of a length that no rule asks for"),
    page: (
        "报了月度（或季度）数，而规则要的是年度数；或者相反。这些行不用来计算指标，也不会由它们推算别的数：累计数、时点数、平均数的推算
办法各不相同。

不对：规则按年评判，表里只有 2021-01 至 2021-12
对：另报一行 2021；或在规则里写 `期间 2021-01..2021-12`，逐月核对
",
        "Monthly (or quarterly) figures were submitted where the rules ask for yearly ones, or the other way round. No figure
rests on these rows, and none is derived from them: totals, stocks and averages are derived in different ways.

Wrong: the rules judge a year, and the table has 2021-01 to 2021-12 only
Right: a further row 2021; or `period 2021-01..2021-12` in the rule, to check month by month
",
    ),
};

/// All of them, in order.
pub static ALL: &[&CodeInfo] = &[
    &UNREADABLE,
    &ENCODING,
    &QUOTES,
    &RAGGED,
    &SHEET,
    &MISSING_COLUMN,
    &REPEATED_HEADING,
    &UNIT_CONFLICT,
    &UNKNOWN_UNIT,
    &UNIT_MISMATCH,
    &NOT_A_NUMBER,
    &SEPARATORS,
    &ERROR_VALUE,
    &NOT_A_DATE,
    &NOT_A_PERIOD,
    &NOT_A_BOOLEAN,
    &NOT_A_LEVEL,
    &DUPLICATE_KEY,
    &CONTRADICTION,
    &JSON,
    &NESTED,
    &SCIENTIFIC,
    &HEADING_ROW,
    &PERCENT_FORMAT,
    &SCALED_FORMAT,
    &SAME_FILE,
    &UNKNOWN_UNIT_LINE,
    &QUALIFIER,
    &MEMORY,
    &BLANK_DIMENSION,
    &TOTALS,
    &NOTES,
    &EMPTY,
    &NO_ATTRIBUTE,
    &UNKNOWN_KEYS,
    &UNDECLARED,
    &REPEATED_FIGURE,
    &STRAY,
    &UNIT_LINE,
    &MELT_HEADING,
    &COMPUTED,
    &NOT_LISTED,
    &OTHER_SHEET,
    &OTHER_LENGTH,
];
