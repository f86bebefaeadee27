using System.Buffers.Binary;

namespace Ringmaster.Cli.Tests.EndToEnd;

public sealed class BadInputProcessTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("bad").FullName;

    public BadInputProcessTests()
    {
        Write("raw", RawGuest.Named("hi"));
        Write("text", "Dear kernel,\nplease boot.\n"u8);
        Write("large", new byte[8 << 20]);
        Write("unknown.yaml", "memory: 512M\nmemroy: 1G\n"u8);
        Write("linux", Linux(16 << 10));
        Write("truncated", Linux(16 << 10).AsSpan(0, 9000));
        using var huge = File.Create(Path.Combine(_directory, "huge"));
        huge.SetLength(64 << 20);
    }

    /// <summary>RAW stands for the options of a good raw guest and DIR for the directory of the files above; parts of the message follow.</summary>
    [Theory]
    [InlineData("run --kernel DIR/missing", "There is no file", "Check the path.")]
    [InlineData("run --kernel DIR/truncated", "cut short", "Copy or download it again.")]
    [InlineData("run --kernel DIR/text", "looks like a text file", "Name a vmlinuz")]
    [InlineData("run --kernel DIR/linux --initrd DIR/huge --memory 64M", "There is no room for the init", "more memory")]
    [InlineData("run --kernel DIR/large --entry real --load 0x7c00 --memory 2M", "does not lie in RAM", "more memory")]
    [InlineData("run --kernel DIR/linux --memory 1", "1M is too little", "--memory 512M")]
    [InlineData("RAW --serial file=/nonexistent/log", "/nonexistent/log", "Choose a path that you may write.")]
    [InlineData("RAW --config DIR/unknown.yaml", "line 2: ", "Did you mean \"memory\"?")]
    [InlineData("RAW --cpu x86-64-v22", "There is no CPU model 'x86-64-v22'", "Did you mean 'x86-64-v2'?")]
    [InlineData("RAW --cpu x86-64-v2,+avx22", "There is no CPU feature 'avx22'", "Did you mean 'avx2'?")]
    [InlineData("RAW --cpu +vmx", "cannot give the CPU feature 'vmx'", "Leave it out of --cpu")]
    [InlineData("RAW --cpu nonsense", "There is no CPU model 'nonsense'", "x86-64-v2")]
    [InlineData("RAW --device isa-debug-exit,iobase=0x3f8", "0x3f8", "Give one of them another place.")]
    [InlineData("RAW --device debugcon --device debugcon", "0xe9", "Give one of them another place.")]
    [InlineData("RAW --cpus 17", "17 CPUs are too many.", "Write at most 16.")]
    [InlineData("RAW --cpus 2 --engine translator,compare", "runs one CPU, not 2", "Use \"--cpus 1\"")]
    [InlineData("RAW --engine vt-x", "There is no engine \"vt-x\"", "Choose from auto, interpreter, translator, kvm.")]
    public void Bad_input_is_one_sentence_with_the_remedy_and_exit_code_2(string line, string problem, string remedy)
    {
        var arguments = line.Replace("RAW", string.Join(' ', RawGuest.Options("DIR/raw")), StringComparison.Ordinal)
            .Replace("DIR", _directory, StringComparison.Ordinal);

        var (code, output, error) = RingmasterProcess.Run(arguments.Split(' '));

        Assert.Contains(problem, error, StringComparison.Ordinal);
        Assert.Contains(remedy, error, StringComparison.Ordinal);
        Assert.StartsWith("ringmaster: ", Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", error, StringComparison.Ordinal);
        Assert.Equal((2, ""), (code, output));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private void Write(string name, ReadOnlySpan<byte> content) => File.WriteAllBytes(Path.Combine(_directory, name), content);

    /// <summary>A Linux image by its header (Documentation/arch/x86/boot.rst), with nothing that could run.</summary>
    private static byte[] Linux(int payload)
    {
        var image = new byte[5 * 512 + payload];
        image[0x1F1] = 4;
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(0x1F4), (uint)payload / 16);
        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(0x1FE), 0xAA55);
        image[0x200] = 0xEB;
        image[0x201] = 0x66;
        "HdrS"u8.CopyTo(image.AsSpan(0x202));
        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(0x206), 0x20F);
        image[0x211] = 1;
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(0x214), 0x10_0000);
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(0x22C), 0x7FFF_FFFF);
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(0x230), 0x10_0000);
        image[0x234] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(0x236), 1);
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(0x238), 2047);
        BinaryPrimitives.WriteUInt64LittleEndian(image.AsSpan(0x258), 0x10_0000);
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(0x260), 0x10_0000);
        return image;
    }
}
