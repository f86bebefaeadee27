using System.Runtime.InteropServices;
using FsCheck;
using FsCheck.Fluent;
using Ringmaster.Cpu.Interpreter.Decoding;

namespace Ringmaster.Cpu.Interpreter.Tests.Decoding;

/// <summary>The table does what a dictionary does, with keys that collide and without.</summary>
public sealed unsafe class BlockTableTests : IDisposable
{
    private const int Blocks = 20_000;

    private readonly Block* _blocks = (Block*)NativeMemory.AllocZeroed(Blocks, (nuint)sizeof(Block));

    public void Dispose() => NativeMemory.Free(_blocks);

    [Fact]
    public void It_does_what_a_dictionary_does() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        var keys = random.Next(1, 9000);
        var (table, expected) = (new BlockTable(), new Dictionary<ulong, nint>());
        for (var i = 0; i < Blocks; i++)
        {
            var block = _blocks + i;
            block->Key = (ulong)random.Next(keys) << random.Next(0, 2) * 3;
            switch (random.Next(10))
            {
                case < 6:
                    table.Put(block);
                    expected[block->Key] = (nint)block;
                    break;
                case < 9 when expected.TryGetValue(block->Key, out var known):
                    table.Remove((Block*)known);
                    expected.Remove(block->Key);
                    break;
                case 9:
                    // It is not there, but another with its key may be.
                    table.Remove(block);
                    break;
            }
            Assert.Equal(expected.GetValueOrDefault(block->Key), (nint)table.Find(block->Key));
        }
        for (ulong key = 0; key < 9000; key++)
            Assert.Equal(expected.GetValueOrDefault(key), (nint)table.Find(key));
        table.Clear();
        foreach (var key in expected.Keys)
            Assert.True(table.Find(key) == null);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(30));
}
