using System.Text;
using Ringmaster.Machine.Configuration.Reading;
using Xunit.Abstractions;

namespace Ringmaster.Fuzz.Tests.Files;

/// <summary>A machine's description comes from outside: whatever it holds, reading it ends, with errors that say what is wrong.</summary>
public sealed class ConfigFileFuzzTests(ITestOutputHelper output) : IDisposable
{
    private const string Yaml = """
        # a machine
        kernel: /bin/true
        append: "console=ttyS0 \x41"
        memory: 1G
        cpu: default,+avx2,-sse3
        cpus: 1
        engine: interpreter
        entry: real
        load: 0x7c00
        initrd: [a, b]
        serial: [stdio, "file=log", pty, none, unix:/x]
        device:
          - testdev
          - {type: isa-debug-exit, iobase: 0xf4, iosize: 4}
          - type: debugcon
            output: |
              file=x
        """;

    private const string Json = """
        {"kernel": "kernel", "memory": "18446744073709551615T", "cpu": "host,+x,-y", "serial": ["stdio", {}], "device":
         {"type": "isa-debug-exit", "iobase": "0xffff", "iosize": [1]}, "load": -1, "cpus": 1e9, "entry": null, "engine": true}
        """;

    private static readonly string[] s_tokens =
    [
        ":", ": ", "- ", "\n", "\n  ", "[", "]", "{", "}", "\"", "'", "&a ", "*a", "!", "!!binary ", "|\n", ">\n", "%YAML 1.2\n", "---\n",
        "...\n", "? ", "#", "\t", "\0", "\u2028", "\uFEFF", ",", "kernel", "device", "serial", "memory", "cpu", "type", "0x", "~", "<<: ", "\\u0000",
    ];

    private readonly string _directory = Directory.CreateTempSubdirectory("fuzz-config").FullName;

    public static TheoryData<string, string> Hostile => new()
    {
        { "deep lists", new string('[', 200_000) },
        { "deep groups", string.Concat(Enumerable.Repeat("{a: ", 100_000)) },
        { "deep keys", string.Concat(Enumerable.Repeat("? ", 50_000)) },
        { "deep blocks", string.Concat(Enumerable.Repeat("- ", 100_000)) },
        { "a list that holds itself", "device: &a [*a, *a]" },
        { "a group that is its own key", "&a ? *a : b" },
        { "references that multiply", "a: &a [x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a]\nc: &c [*b, *b, *b, *b]\ndevice: [*c, *c, *c]" },
        { "one long word", new string('x', 1_000_000) },
        { "one long number", "memory: " + new string('9', 500_000) },
        { "too long", new string(' ', 1_100_000) },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Hostile_text_is_refused(string name, string text)
    {
        var errors = Read(text);

        Assert.True(errors.Count > 0, name);
        Assert.All(errors, e => Assert.NotEmpty(e.Message));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    [InlineData("/")]
    [InlineData("/dev/zero")]
    [InlineData("/proc/self/mem")]
    [InlineData("no/such/file")]
    public void A_path_that_is_no_file_is_reported(string path) => Assert.NotEmpty(ConfigFile.Read(path).Errors);

    [Fact]
    public void No_text_makes_reading_throw()
    {
        var seed = FuzzTime.FirstSeed(1);
        output.WriteLine($"first seed {seed:x16}");
        var time = new FuzzTime(3);
        var (cases, refused) = (0, 0);

        for (; !time.IsOver; cases++, seed++)
        {
            var text = Mutate(new FuzzRandom(seed));
            try
            {
                refused += Read(text).Count > 0 ? 1 : 0;
            }
            catch (Exception error)
            {
                throw new FuzzFailureException($"config seed {seed:x16}: {error.Message}\n{text}", error);
            }
        }

        output.WriteLine($"{cases} cases, {refused} refused");
        Assert.True(refused > cases / 2);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static string Mutate(FuzzRandom random)
    {
        var text = new StringBuilder(random.Below(4) switch { 0 => Json, 1 => "", _ => Yaml });
        for (var i = 1 + random.Below(8); i > 0; i--)
        {
            var at = random.Below(text.Length + 1);
            switch (random.Below(5))
            {
                case 0:
                    text.Remove(at, Math.Min(random.Below(20), text.Length - at));
                    break;
                case 1:
                    text.Insert(at, (char)random.Below(random.Chance(80) ? 128 : 0x1_0000));
                    break;
                case 2:
                    text.Insert(at, text.ToString(at, Math.Min(random.Below(60), text.Length - at)));
                    break;
                default:
                    text.Insert(at, random.Pick(s_tokens));
                    break;
            }
        }
        return text.ToString();
    }

    private IReadOnlyList<Machine.Configuration.ConfigError> Read(string text)
    {
        var path = Path.Combine(_directory, "machine.yaml");
        File.WriteAllBytes(path, Encoding.UTF8.GetBytes(text));
        return ConfigFile.Read(path).Errors;
    }
}
