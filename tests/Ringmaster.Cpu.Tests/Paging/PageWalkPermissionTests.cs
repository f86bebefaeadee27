using Ringmaster.Cpu.Paging;

namespace Ringmaster.Cpu.Tests.Paging;

public sealed class PageWalkPermissionTests
{
    private const ulong Wp = 1 << 16, Smep = 1 << 20, Smap = 1 << 21, Pke = 1 << 22, Nxe = 1 << 11, Ac = 1 << 18, Linear = 0x12_3456;

    public static TheoryData<PagingMode, int> MappingDepths => new()
    {
        { PagingMode.TwoLevel, 1 }, { PagingMode.TwoLevel, 2 }, { PagingMode.Pae, 2 }, { PagingMode.Pae, 3 },
        { PagingMode.FourLevel, 2 }, { PagingMode.FourLevel, 3 }, { PagingMode.FourLevel, 4 },
        { PagingMode.FiveLevel, 3 }, { PagingMode.FiveLevel, 4 }, { PagingMode.FiveLevel, 5 },
    };

    [Theory]
    [MemberData(nameof(MappingDepths))]
    public void Every_combination_of_rights_is_decided_as_the_manual_says(PagingMode mode, int depth)
    {
        using var tables = new GuestPageTables();
        var firstLevel = mode == PagingMode.Pae ? 1 : 0;
        var checks = 0;
        for (var restrictedLevel = firstLevel; restrictedLevel < depth; restrictedLevel++)
        {
            for (var page = 0; page < 8; page++)
            {
                var (user, writable, noExecute) = ((page & 1) != 0, (page & 2) != 0, (page & 4) != 0 && mode != PagingMode.TwoLevel);
                for (var machine = 0; machine < 32; machine++)
                {
                    var (wp, smep, smap, ac) = ((machine & 1) != 0, (machine & 2) != 0, (machine & 4) != 0, (machine & 8) != 0);
                    var nxe = (machine & 16) != 0;
                    if (noExecute && !nxe)
                        continue; // XD is a reserved bit then, which another test covers.
                    MapWith(tables, mode, depth, restrictedLevel, user, writable, noExecute);
                    var context = tables.Context(mode, wp ? Wp : 0, (smep ? Smep : 0) | (smap ? Smap : 0), nxe ? Nxe : 0, ac ? Ac : 0);
                    var record = default(PageWalkRecord);
                    foreach (var (who, kind) in Accesses)
                    {
                        var allowed = AccessRules.Allows(who, kind, user, writable, noExecute, wp, nxe, smep, smap, ac);

                        var result = PageWalk.Probe(tables.Memory, context, new(Linear), AccessRules.Access(who, kind), ref record);

                        var fetchBit = kind == 'X' && (smep || nxe && mode != PagingMode.TwoLevel);
                        var error = 1u | (kind == 'W' ? 2u : 0) | (who == 'U' ? 4u : 0) | (fetchBit ? 16u : 0);
                        var at = $"{who}{kind} page={page} machine={machine} level={restrictedLevel}";
                        Assert.True(allowed == !result.IsFault, at);
                        Assert.True(allowed || (uint)result.Error == error, $"{at}: error {result.Error}");
                        Assert.True(!allowed || (result.IsUser, result.IsWritable, result.IsExecutable) == (user, writable, !noExecute), at);
                        checks++;
                    }
                }
            }
        }
        Assert.True(checks > 500);
    }

    [Theory]
    // page bits, key, PKRU for key 5, WP, access: error code or -1 for none. PKRU bits: 1 access-disable, 2 write-disable.
    [InlineData(7, 5, 0, true, "UW", -1)]
    [InlineData(7, 5, 1, true, "UR", 1 | 4 | 32)]
    [InlineData(7, 5, 1, true, "UW", 1 | 2 | 4 | 32)]
    [InlineData(7, 5, 1, true, "UX", -1)]
    [InlineData(7, 5, 1, false, "SR", 1 | 32)]
    [InlineData(7, 5, 2, true, "UR", -1)]
    [InlineData(7, 5, 2, false, "UW", 1 | 2 | 4 | 32)]
    [InlineData(7, 5, 2, true, "SW", 1 | 2 | 32)]
    [InlineData(7, 5, 2, false, "SW", -1)]
    [InlineData(7, 4, 3, true, "UW", -1)]
    [InlineData(3, 5, 3, true, "SW", -1)]
    [InlineData(3, 5, 3, true, "UW", 1 | 2 | 4)]
    [InlineData(5, 5, 2, true, "UW", 1 | 2 | 4 | 32)]
    public void Protection_keys_rule_data_accesses_to_user_pages(int page, int key, int rights, bool wp, string access, int error)
    {
        using var tables = new GuestPageTables();
        tables.Map(PagingMode.FourLevel, Linear, 0x9000, 4, l => l == 3 ? (uint)page | (ulong)key << 59 : 7);
        var context = tables.Context(PagingMode.FourLevel, wp ? Wp : 0, Pke, 0, 0, (uint)rights << 10);

        var result = PageWalk.Translate(tables.Memory, context, new(Linear), AccessRules.Access(access[0], access[1]));

        Assert.Equal(error >= 0, result.IsFault);
        Assert.Equal(error >= 0 ? (uint)error : 0, (uint)result.Error);
        Assert.Equal(error >= 0 ? 0 : key, result.ProtectionKey);
    }

    [Fact]
    public void Protection_keys_do_not_exist_in_pae_paging()
    {
        using var tables = new GuestPageTables();
        tables.Map(PagingMode.Pae, Linear, 0x9000, 3, _ => 7);
        var context = tables.Context(PagingMode.Pae, 0, Pke, 0, 0, uint.MaxValue);

        Assert.False(PageWalk.Translate(tables.Memory, context, new(Linear), PageAccess.UserRead).IsFault);
    }

    private static (char Who, char Kind)[] Accesses =>
        [('S', 'R'), ('S', 'W'), ('S', 'X'), ('I', 'R'), ('I', 'W'), ('U', 'R'), ('U', 'W'), ('U', 'X')];

    // One level withholds the right; all others give it, so that the combination of all levels is what decides.
    private static void MapWith(GuestPageTables tables, PagingMode mode, int depth, int level, bool user, bool writable, bool noExecute) =>
        tables.Map(mode, Linear, 0, depth, l => l != level
            ? GuestPageTables.Present | GuestPageTables.Writable | GuestPageTables.User
            : GuestPageTables.Present | (user ? GuestPageTables.User : 0) | (writable ? GuestPageTables.Writable : 0)
                | (noExecute ? GuestPageTables.NoExecute : 0));
}
