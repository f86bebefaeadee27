using Iced.Intel;
using Ringmaster.Conformance.Tests.Harness;
using static Iced.Intel.AssemblerRegisters;

namespace Ringmaster.Conformance.Tests.Instructions;

/// <summary>The same code mapped at several linear addresses, as libraries are: each time it must find out where it is.</summary>
public sealed class MovedCodeTests
{
    private const ulong Level4 = 0x10_1000, Function = Layout.Target, Rounds = 40;
    private const int PageSize = 0x1000, Data = 0x800, ReturnOffset = 31;

    // Entries of the top table under which all of memory is to be seen again.
    private static readonly ulong[] s_places = [0x0AA, 0x0AB, 0x0FF];

    private static readonly CaseTable s_cases = new()
    {
        new("code finds its data, its return addresses and the page behind it wherever it is mapped", GuestMode.User64, c =>
        {
            var round = c.CreateLabel();
            c.mov(r12d, (int)Rounds);
            c.Label(ref round);
            foreach (var place in s_places)
            {
                c.mov(rax, place << 39 | Function);
                c.call(rax);
            }
            c.dec(r12d);
            c.jne(round);
        })
        {
            Given = m =>
            {
                foreach (var place in s_places)
                    m.Write(Level4 + place * 8, m.Read<ulong>(Level4));
                m.Write(Function, FunctionCode());
                m.Write(Function + Data, 0x0102_0304_0506_0708UL);
                foreach (var register in (int[])[8, 9, 10, 11, 13])
                    m.State.Registers[register] = 0;
            },
            Then = m =>
            {
                ulong addresses = 0, low = 0, returns = 0, behind = 0;
                foreach (var place in s_places)
                {
                    var at = place << 39 | Function;
                    addresses += at + Data;
                    low += (uint)(at + Data);
                    returns += at + ReturnOffset;
                    behind += at + PageSize + 0x10;
                }
                Assert.Equal(Rounds * addresses, m.State.Registers[8]);
                Assert.Equal(Rounds * low, m.State.Registers[9]);
                Assert.Equal(Rounds * 3 * 0x0102_0304_0506_0708UL, m.State.Registers[10]);
                Assert.Equal(Rounds * returns, m.State.Registers[11]);
                Assert.Equal(Rounds * behind, m.State.Registers[13]);
            },
        },
    };

    public static TheoryData<string, string> Rows => s_cases.Rows;

    [Theory]
    [MemberData(nameof(Rows))]
    public void Moved_code_behaves(string engine, string name) => s_cases.Run(engine, name);

    /// <summary>The function, which gets along wherever it is.</summary>
    private static byte[] FunctionCode()
    {
        var code = new byte[PageSize + 0x20];
        ReadOnlySpan<byte> start =
        [
            0x48, 0x8D, 0x15, .. Distance(7, Data),  // lea rdx, [data]
            0x49, 0x01, 0xD0,                        // add r8, rdx
            0x8D, 0x15, .. Distance(16, Data),       // lea edx, [data]
            0x49, 0x01, 0xD1,                        // add r9, rdx
            0x4C, 0x03, 0x15, .. Distance(26, Data), // add r10, [data]
            0xE8, .. Distance(ReturnOffset, 37),     // call inner
            0xE8, .. Distance(36, PageSize + 0x10),  // call outer
            0xC3,                                    // ret
            0x4C, 0x03, 0x1C, 0x24,                  // inner: add r11, [rsp]
            0xC3,                                    // ret
        ];
        start.CopyTo(code);
        ReadOnlySpan<byte> outer =
        [
            0x48, 0x8D, 0x15, .. Distance(7, 0), // outer: lea rdx, [outer]
            0x49, 0x01, 0xD5,                    // add r13, rdx
            0xC3,                                // ret
        ];
        outer.CopyTo(code.AsSpan(PageSize + 0x10));
        return code;
    }

    /// <summary>A displacement from the end of an instruction.</summary>
    private static byte[] Distance(int end, int to) => BitConverter.GetBytes(to - end);
}
